// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "below.h"
#include "message.h"
#include "whole.h"

/* An administrator writes it by hand. */
#define SIZE_MAX_BYTES (1 << 20)

static const char *root = "";

/** below_set - act on the files below a directory from here on */
void below_set(const char *directory)
{
	root = directory;
}

/** below_is_machine - are they the machine's own? */
bool below_is_machine(void)
{
	return !*root;
}

/**
 * below - the name of a file
 * @path: as it is on the machine, from / on
 *
 * Return: to be freed.
 */
char *below(const char *path)
{
	char *name = malloc(strlen(root) + strlen(path) + 1);

	if (!name)
		abort();
	strcpy(stpcpy(name, root), path);
	return name;
}

/** below_has - is there such a file, or directory? */
bool below_has(const char *path)
{
	char *name = below(path);
	bool has = !access(name, F_OK);

	free(name);
	return has;
}

/** below_has_program - is there such a program? */
bool below_has_program(const char *path)
{
	char *name = below(path);
	struct stat stat_of;
	bool has = !stat(name, &stat_of) && S_ISREG(stat_of.st_mode) && !access(name, X_OK);

	free(name);
	return has;
}

/** bytes_free - forget what is in a file */
void bytes_free(struct bytes *bytes)
{
	free(bytes->text);
	*bytes = (struct bytes){};
}

/** bytes_equal - is the same in both, or is neither there? */
bool bytes_equal(const struct bytes *one, const struct bytes *other)
{
	return one->there == other->there && one->length == other->length &&
	       (!one->there || !memcmp(one->text, other->text, one->length));
}

/* What a rename would undo without a word, or give to another. */
static const char *may_be_replaced(const struct stat *stat)
{
	if (!S_ISREG(stat->st_mode))
		return "it is no file";
	if (stat->st_uid != geteuid())
		return "another user owns it";
	if (stat->st_mode & (S_IWGRP | S_IWOTH))
		return "others may write it";
	if (stat->st_size > SIZE_MAX_BYTES)
		return "it is larger than 1 MiB";
	return NULL;
}

static const char *read_all(int fd, struct bytes *bytes)
{
	const char *wrong;

	bytes->text = malloc(bytes->stat.st_size + 1);
	if (!bytes->text)
		return strerror(ENOMEM);
	wrong = whole_read(fd, bytes->text, bytes->stat.st_size);
	if (wrong)
		return wrong;
	bytes->length = bytes->stat.st_size;
	bytes->text[bytes->length] = '\0';
	bytes->there = true;
	return NULL;
}

/**
 * below_read - read a file that may be replaced
 * @path: its name
 * @bytes: out: what is in it, also if there is none; to be freed in any case
 *
 * Return: NULL, or why it cannot be read or replaced.
 */
const char *below_read(const char *path, struct bytes *bytes)
{
	char *name = below(path);
	const char *wrong = NULL;
	int fd;

	*bytes = (struct bytes){};
	fd = open(name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	free(name);
	if (fd < 0 && errno == ENOENT)
		return NULL;
	if (fd < 0)
		return errno == ELOOP ? "it is a symbolic link" : strerror(errno);
	wrong = fstat(fd, &bytes->stat) ? strerror(errno) : may_be_replaced(&bytes->stat);
	if (!wrong)
		wrong = read_all(fd, bytes);
	close(fd);
	return wrong;
}

/* A rename that is lost with the power would leave a file whose original nobody kept. */
static bool sync_directory_of(const char *name)
{
	int length = strrchr(name, '/') - name, fd;
	char *directory;
	bool ok;

	if (asprintf(&directory, "%.*s/", length, name) < 0)
		abort();
	fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	free(directory);
	if (fd < 0)
		return false;
	/* not every file system can */
	ok = !fsync(fd) || errno == EINVAL;
	close(fd);
	return ok;
}

static bool write_beside(const char *name, const struct bytes *bytes)
{
	mode_t mode = bytes->stat.st_mode ? bytes->stat.st_mode & 07777 : 0644;
	int fd, err;
	bool ok;

	unlink(name);
	fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return false;
	/* the owner first: a change of it takes bits off the mode */
	ok = whole_write(fd, bytes->text, bytes->length) &&
	     (!bytes->stat.st_mode || !fchown(fd, bytes->stat.st_uid, bytes->stat.st_gid)) &&
	     !fchmod(fd, mode) && !fsync(fd);
	err = errno;
	if (close(fd) && ok)
		return false;
	errno = err;
	return ok;
}

/* A name that no engine takes for a file of its own; to be freed. */
static char *beside_of(const char *path)
{
	char *name;

	if (asprintf(&name, "%s%.*s/.audit-contid.tmp", root, (int)(strrchr(path, '/') - path),
		     path) < 0)
		abort();
	return name;
}

/**
 * below_write - put a file in its place, whole or not at all
 * @path: its name; its directory is there
 * @bytes: what is to be in it; mode and owner as well, unless its mode is 0
 *
 * Return: NULL, or why it was not done.
 */
const char *below_write(const char *path, const struct bytes *bytes)
{
	char *name = below(path), *beside = beside_of(path);
	const char *wrong = NULL;

	if (!write_beside(beside, bytes) || rename(beside, name)) {
		wrong = strerror(errno);
		unlink(beside);
	} else if (!sync_directory_of(name)) {
		/* it is done: a caller that took this for a failure would forget the original */
		message("setup: %s: it may be lost with the power: its directory could not be "
			"written to the disk (%s)",
			name, strerror(errno));
	}
	free(beside);
	free(name);
	return wrong;
}

/**
 * below_clean - remove what an interrupted below_write() has left
 * @path: the file that was to be written
 */
void below_clean(const char *path)
{
	char *beside = beside_of(path);

	unlink(beside);
	free(beside);
}

/**
 * below_remove - remove a file
 * @path: its name; none is none to remove
 *
 * Return: NULL, or why it was not done.
 */
const char *below_remove(const char *path)
{
	char *name = below(path);
	const char *wrong = NULL;

	if (unlink(name)) {
		if (errno != ENOENT)
			wrong = strerror(errno);
	} else {
		sync_directory_of(name);
	}
	free(name);
	return wrong;
}
