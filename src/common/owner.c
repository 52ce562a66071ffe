// SPDX-License-Identifier: GPL-2.0
/*
 * A user has a part of the cgroup tree to himself (user@UID.service), and so has
 * a container with a user namespace: in there they make cgroups with any name. So
 * a name is only believed if nobody but root could have made it: each directory
 * above it, and the cgroup.procs in there, belong to root and are written by
 * nobody else.
 *
 * In cgroup v2 a process is moved only by those who may write the cgroup.procs of
 * a directory above both places. So the container's own directory may belong to
 * the container's root, as runtimes make it with a user namespace, and still only
 * root can put a process in from elsewhere. In cgroup v1 the right to write the
 * one file is enough: there the own directory has to be root's, too.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "owner.h"

#define WRITE_BY_OTHERS (S_IWGRP | S_IWOTH)

/**
 * struct hierarchy - where one is mounted
 * @next: another one
 * @controllers: as /proc/PID/cgroup names it; "" is cgroup v2
 * @fd: its root directory, or -1
 */
struct hierarchy {
	struct hierarchy *next;
	char *controllers;
	int fd;
};

/* What is known of a path. Root's stay root's: nobody else could replace one. */
struct known {
	char *key;
	struct cgroup_owner owner;
};

/* One of v1's hierarchies has several controllers: any of them tells which it is. */
static bool has_option(const char *options, const char *controllers)
{
	size_t length = strcspn(controllers, ","), next;

	for (; *options; options += next) {
		next = strcspn(options, ",");
		if (next == length && !strncmp(options, controllers, length))
			return true;
		next += options[next] == ',';
	}
	return false;
}

/* Return: the directory, if it is still what is mounted there, or -1. */
static int open_checked(const char *directory, long magic)
{
	int fd = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct statfs fs;

	if (fd >= 0 && (fstatfs(fd, &fs) || fs.f_type != magic)) {
		close(fd);
		fd = -1;
	}
	return fd;
}

/*
 * A line of mountinfo is one of the whole hierarchy?
 * "36 35 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate"
 *
 * Return: its root directory, or -1.
 */
static int open_line(char *line, const char *controllers)
{
	const char *type = *controllers ? "cgroup" : "cgroup2";
	char *behind = strstr(line, " - "), *words[5], *last[3], *rest;
	size_t i;

	if (!behind)
		return -1;
	*behind = '\0';
	behind += strlen(" - ");
	for (i = 0; i < 5; i++) {
		words[i] = strtok_r(i ? NULL : line, " ", &rest);
		if (!words[i])
			return -1;
	}
	for (i = 0; i < 3; i++) {
		last[i] = strtok_r(i ? NULL : behind, " \n", &rest);
		if (!last[i])
			return -1;
	}
	if (strcmp(words[3], "/") || strcmp(last[0], type) ||
	    (*controllers && !has_option(last[2], controllers)))
		return -1;
	return open_checked(words[4], *controllers ? CGROUP_SUPER_MAGIC : CGROUP2_SUPER_MAGIC);
}

static int open_mount(const char *controllers)
{
	FILE *mounts = fopen("/proc/self/mountinfo", "re");
	char *line = NULL;
	size_t room = 0;
	int fd = -1;

	while (mounts && fd < 0 && getline(&line, &room, mounts) >= 0)
		fd = open_line(line, controllers);
	free(line);
	if (mounts)
		fclose(mounts);
	return fd;
}

/* The root directory, opened once for each hierarchy. */
static int hierarchy_open(const char *controllers)
{
	static struct hierarchy *all;
	struct hierarchy *one;

	for (one = all; one; one = one->next) {
		if (!strcmp(one->controllers, controllers))
			return one->fd;
	}
	one = malloc(sizeof(*one));
	if (!one)
		return -1;
	one->controllers = strdup(controllers);
	if (!one->controllers) {
		free(one);
		return -1;
	}
	one->fd = open_mount(controllers);
	one->next = all;
	all = one;
	return one->fd;
}

static void judge(struct cgroup_owner *owner, const struct stat *st)
{
	if (st->st_uid || st->st_mode & WRITE_BY_OTHERS)
		owner->is_root = false;
	if (!owner->uid)
		owner->uid = st->st_uid;
}

/* The directory, and the files by which a process is put into it. */
static bool judge_directory(struct cgroup_owner *owner, int dir)
{
	static const char *const files[] = { "cgroup.procs", "tasks" };
	struct stat st;

	if (fstat(dir, &st))
		return false;
	judge(owner, &st);
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		if (!fstatat(dir, files[i], &st, AT_SYMLINK_NOFOLLOW))
			judge(owner, &st);
		else if (!i)
			return false;
	}
	return true;
}

/* Return: false if the path could not be followed to its end. */
static bool walk(struct cgroup_owner *owner, int root, char *path, bool and_itself)
{
	char *rest = NULL, *name, *next;
	int dir = fcntl(root, F_DUPFD_CLOEXEC, 0), down;
	bool ok = dir >= 0;

	for (name = strtok_r(path, "/", &rest); ok && name; name = next) {
		next = strtok_r(NULL, "/", &rest);
		ok = judge_directory(owner, dir);
		/* a path out of another cgroup namespace leads up first */
		down = ok && strcmp(name, "..") ?
			       openat(dir, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) :
			       -1;
		close(dir);
		dir = down;
		ok = dir >= 0;
	}
	if (ok && and_itself)
		ok = judge_directory(owner, dir);
	if (dir >= 0)
		close(dir);
	return ok;
}

static int by_key(const void *a, const void *b)
{
	return strcmp(((const struct known *)a)->key, ((const struct known *)b)->key);
}

/**
 * cgroup_owner - whose choice is the name of a cgroup?
 * @controllers: of its hierarchy, as /proc/PID/cgroup has them; "" for cgroup v2
 * @path: a process's path in there
 * @length: so much of it is the cgroup that is asked about
 *
 * What cannot be looked at counts as somebody else's.
 */
struct cgroup_owner cgroup_owner(const char *controllers, const char *path, size_t length)
{
	struct cgroup_owner owner = { .is_root = true };
	static void *all;
	struct known probe, *one, **found;
	int root = hierarchy_open(controllers);
	bool ok;

	if (asprintf(&probe.key, "%.*s:%s", (int)length, path, controllers) < 0)
		return (struct cgroup_owner){};
	found = tfind(&probe, &all, by_key);
	if (found) {
		free(probe.key);
		return (*found)->owner;
	}
	one = malloc(sizeof(*one));
	if (one)
		one->key = strdup(probe.key);
	probe.key[length] = '\0';
	ok = root >= 0 && walk(&owner, root, probe.key, *controllers);
	if (!ok)
		owner.is_root = false;
	free(probe.key);
	/* what could not be looked at may be there again later */
	if (!one || !one->key || !ok) {
		if (one)
			free(one->key);
		free(one);
		return owner;
	}
	one->owner = owner;
	tsearch(one, &all, by_key);
	return owner;
}
