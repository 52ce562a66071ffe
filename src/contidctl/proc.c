// SPDX-License-Identifier: GPL-2.0
/*
 * Processes, out of /proc.
 *
 * All of one process is read by way of its directory, once that is open: what is
 * read belongs to the process that had the number then, or can not be read.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cgroup.h"
#include "proc.h"
#include "registration.h"

#define KERNEL_THREAD 0x00200000 /* PF_KTHREAD, in the flags of stat */

/* Files that are executed by a runtime's own processes: whole names, or what they begin with. */
static const char *const runtimes[] = {
	"conmon",     "conmonrs",	"conmon-rs",
	"containerd", "crio",		"crun",
	"docker",     "docker-proxy",	"dockerd",
	"incusd",     "kubelet",	"lxc-attach",
	"lxc-start",  "lxc-execute",	"lxcfs",
	"lxd",	      "nerdctl",	"podman",
	"runc",	      "systemd-nspawn", "containerd-shim*",
	"conmon-v*",
};

/* Reads the whole of a small file; the caller frees it. */
static char *file_read(int dir, const char *path)
{
	int fd = openat(dir, path, O_RDONLY | O_CLOEXEC);
	size_t length = 0, size = 0;
	char *text = NULL, *more;
	ssize_t n;

	if (fd < 0)
		return NULL;
	do {
		if (size - length < 2) {
			size += 4096;
			more = realloc(text, size);
			if (!more)
				break;
			text = more;
		}
		n = read(fd, text + length, size - length - 1);
		if (n > 0)
			length += n;
		else if (!n) {
			close(fd);
			text[length] = '\0';
			return text;
		}
	} while (n > 0);
	close(fd);
	free(text);
	return NULL;
}

static void name_copy(char to[PROC_NAME], const char *from, size_t length)
{
	size_t i;

	for (i = 0; i < length && i < PROC_NAME - 1; i++)
		to[i] = isascii(from[i]) && isprint(from[i]) ? from[i] : '?';
	to[i] = '\0';
}

/*
 * stat: "12 (name) S 1 ...". The name may have parentheses and blanks.
 *
 * Return: false for a kernel thread, and where nothing of it lives.
 */
static bool take_stat(struct proc *proc, const char *text, bool *leader_is_dead)
{
	const char *name = strchr(text, '('), *end = strrchr(text, ')');
	unsigned long flags, threads;
	char state;

	if (!name || !end ||
	    sscanf(end + 1,
		   " %c %d %*d %*d %*d %*d %lu %*u %*u %*u %*u %*u %*u "
		   "%*d %*d %*d %*d %lu %*d %llu",
		   &state, &proc->parent, &flags, &threads, &proc->start) != 5)
		return false;
	name_copy(proc->name, name + 1, end - name - 1);
	*leader_is_dead = state == 'Z' || state == 'X';
	return !(flags & KERNEL_THREAD) && !(*leader_is_dead && threads < 2);
}

/* The line "NSpid:", with a number for each PID namespace, outermost first. */
static void take_status(struct proc *proc, const char *text)
{
	const char *at = strstr(text, "\nNSpid:");
	long number = 0;
	char *end;

	for (at = at ? strchr(at, ':') + 1 : ""; *at && *at != '\n'; at = end) {
		number = strtol(at, &end, 10);
		if (end == at)
			break;
		proc->depth++;
	}
	proc->first = proc->depth > 1 && number == 1;
}

static bool is_name_of_runtime(const char *name)
{
	for (size_t i = 0; i < sizeof(runtimes) / sizeof(*runtimes); i++) {
		size_t length = strcspn(runtimes[i], "*");

		if (!strncmp(name, runtimes[i], length) && (runtimes[i][length] || !name[length]))
			return true;
	}
	return false;
}

/*
 * By the file that it executes, not by its comm, which is its own to choose. An
 * update of the runtime's package leaves a file that is deleted.
 */
static void take_exe(struct proc *proc, int dir)
{
	static const char deleted[] = " (deleted)";
	char path[PATH_MAX + 1];
	ssize_t length = readlinkat(dir, "exe", path, PATH_MAX);
	char *name;

	if (length < 0)
		return;
	path[length] = '\0';
	if (length > (ssize_t)strlen(deleted) && !strcmp(path + length - strlen(deleted), deleted))
		path[length - strlen(deleted)] = '\0';
	name = strrchr(path, '/');
	proc->is_runtime = is_name_of_runtime(name ? name + 1 : path);
}

static void mount_ns_take(int dir, const char *path, struct mount_ns *ns)
{
	struct stat st;

	if (!fstatat(dir, path, &st, 0))
		*ns = (struct mount_ns){ st.st_dev, st.st_ino };
}

/* The directory of a thread that lives, where the leader does not. */
static int open_other_thread(int dir, pid_t leader)
{
	int fd = openat(dir, "task", O_RDONLY | O_DIRECTORY | O_CLOEXEC), found = -1;
	DIR *tasks = fd >= 0 ? fdopendir(fd) : NULL;
	struct dirent *entry;

	while (found < 0 && tasks && (entry = readdir(tasks))) {
		struct mount_ns ns = {};
		int task;

		if (atoi(entry->d_name) <= 0 || atoi(entry->d_name) == leader)
			continue;
		task = openat(fd, entry->d_name, O_PATH | O_DIRECTORY | O_CLOEXEC);
		if (task < 0)
			continue;
		mount_ns_take(task, "ns/mnt", &ns);
		if (ns.ino)
			found = task;
		else
			close(task);
	}
	if (tasks)
		closedir(tasks);
	else if (fd >= 0)
		close(fd);
	return found;
}

/* Some files only tell of a thread that lives: those are read from its directory. */
static bool take_files(struct proc *proc, int leader, int dir)
{
	char *text = file_read(leader, "status");

	if (!text)
		return false;
	take_status(proc, text);
	free(text);
	text = file_read(dir, "cgroup");
	if (!text)
		return false;
	proc->cgroup = strdup(cgroup_of(text));
	free(text);
	mount_ns_take(dir, "ns/mnt", &proc->mnt);
	take_exe(proc, dir);
	return proc->cgroup;
}

/**
 * proc_read - read one process
 * @pid: its number
 * @proc: out; to be freed by proc_free() where it was read
 *
 * Return: false where there is none, or it is dead, or a kernel thread.
 */
bool proc_read(pid_t pid, struct proc *proc)
{
	char path[sizeof("/proc/") + 3 * sizeof(pid)];
	bool read = false, leader_is_dead;
	int dir, other = -1;
	char *stat;

	*proc = (struct proc){ .pid = pid };
	snprintf(path, sizeof(path), "/proc/%d", pid);
	dir = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return false;
	stat = file_read(dir, "stat");
	if (stat && take_stat(proc, stat, &leader_is_dead)) {
		if (leader_is_dead)
			other = open_other_thread(dir, pid);
		if (other >= 0 || !leader_is_dead)
			read = take_files(proc, dir, leader_is_dead ? other : dir);
	}
	free(stat);
	if (other >= 0)
		close(other);
	close(dir);
	if (!read)
		proc_free(proc);
	return read;
}

/** proc_free - free what proc_read() has allocated */
void proc_free(struct proc *proc)
{
	free(proc->cgroup);
	proc->cgroup = NULL;
}

/**
 * mount_ns_read - the mount namespace of a process
 * @pid: its number; 0 for this one
 * @ns: out
 */
bool mount_ns_read(pid_t pid, struct mount_ns *ns)
{
	char path[sizeof("/proc//ns/mnt") + 3 * sizeof(pid)] = "/proc/self/ns/mnt";

	*ns = (struct mount_ns){};
	if (pid)
		snprintf(path, sizeof(path), "/proc/%d/ns/mnt", pid);
	mount_ns_take(AT_FDCWD, path, ns);
	return ns->ino;
}

static int by_pid(const void *a, const void *b)
{
	pid_t x = ((const struct proc *)a)->pid, y = ((const struct proc *)b)->pid;

	return (x > y) - (x < y);
}

/**
 * proc_list_find - a process by its number
 * @list: the processes
 * @pid: the number
 */
struct proc *proc_list_find(const struct proc_list *list, pid_t pid)
{
	const struct proc key = { .pid = pid };

	return list->count ? bsearch(&key, list->items, list->count, sizeof(key), by_pid) : NULL;
}

static bool proc_list_add(struct proc_list *list, pid_t pid)
{
	struct proc *more;

	if (!(list->count & (list->count - 1))) {
		more = reallocarray(list->items, list->count ? 2 * list->count : 1, sizeof(*more));
		if (!more)
			return false;
		list->items = more;
	}
	if (proc_read(pid, &list->items[list->count]))
		list->count++;
	return true;
}

/**
 * proc_list_read - read all processes
 * @list: out; to be freed by proc_list_free()
 *
 * Return: false where /proc can not be read, or for want of memory; see errno.
 */
bool proc_list_read(struct proc_list *list)
{
	DIR *dir = opendir("/proc");
	struct dirent *entry;
	pid_t pid;

	*list = (struct proc_list){};
	if (!dir)
		return false;
	while ((entry = readdir(dir))) {
		if (!pid_parse(entry->d_name, &pid) || proc_list_add(list, pid))
			continue;
		closedir(dir);
		proc_list_free(list);
		errno = ENOMEM;
		return false;
	}
	closedir(dir);
	if (list->count)
		qsort(list->items, list->count, sizeof(*list->items), by_pid);
	for (size_t i = 0; i < list->count; i++) {
		struct proc *parent = proc_list_find(list, list->items[i].parent);

		if (parent)
			parent->has_child = true;
	}
	return true;
}

/** proc_list_free - free what proc_list_read() has read */
void proc_list_free(struct proc_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		proc_free(&list->items[i]);
	free(list->items);
	*list = (struct proc_list){};
}
