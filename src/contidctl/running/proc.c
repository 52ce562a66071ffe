// SPDX-License-Identifier: GPL-2.0
/*
 * Processes, out of /proc.
 *
 * All of one process is read by way of its directory, once that is open: what is
 * read belongs to the process that had the number then, or cannot be read.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "array.h"
#include "cgroup.h"
#include "proc.h"
#include "processes.h"

#define POWER (1ULL << CAP_SYS_MODULE | 1ULL << CAP_SYS_ADMIN)

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

/* Reads the whole of a small file; the caller frees it. NULL if that cannot be: see errno. */
static char *file_read(int dir, const char *path)
{
	int fd = openat(dir, path, O_RDONLY | O_CLOEXEC);
	size_t length = 0, size = 0;
	char *text = NULL, *more;
	ssize_t n;
	int err;

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
	err = errno;
	close(fd);
	free(text);
	errno = err;
	return NULL;
}

/* Return: false for a kernel thread, and if nothing of the process lives. */
static bool take_stat(struct proc *proc, int dir, bool *leader_is_dead)
{
	struct process_stat about;

	if (!process_stat_read(&about, dir))
		return false;
	proc->parent = about.parent;
	proc->start = about.start;
	memcpy(proc->name, about.name, sizeof(proc->name));
	*leader_is_dead = about.state == 'Z' || about.state == 'X';
	return !(about.flags & KERNEL_THREAD) && !(*leader_is_dead && about.threads < 2);
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

/* The capabilities of root in another user namespace are worth nothing here. */
static void take_power(struct proc *proc, const char *text, int dir)
{
	static const char key[] = "\nCapPrm:";
	const char *at = strstr(text, key);
	struct stat ns;

	proc->is_powerful = at && (strtoull(at + strlen(key), NULL, 16) & POWER) == POWER &&
			    !fstatat(dir, "ns/user", &ns, 0) && ns.st_ino == INITIAL_USER_NS;
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
static int open_other_thread(int dir, pid_t leader, pid_t *thread)
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
		if (!ns.ino) {
			close(task);
			continue;
		}
		found = task;
		*thread = atoi(entry->d_name);
	}
	if (tasks)
		closedir(tasks);
	else if (fd >= 0)
		close(fd);
	return found;
}

static bool take_cgroup(struct proc *proc, int dir)
{
	char *text = file_read(dir, "cgroup");
	struct cgroup_path at;

	/*
	 * Some kernels before Linux 6.8 do not say a path of more than 4,095 bytes, and any user
	 * can make one. That must not hide a process: it is in no cgroup that is known.
	 */
	if (!text && errno == ENAMETOOLONG)
		text = strdup("");
	if (!text)
		return false;
	at = cgroup_of(text);
	proc->hierarchy = strdup(at.controllers);
	proc->cgroup = strdup(at.path);
	free(text);
	return proc->hierarchy && proc->cgroup;
}

/* Some files only tell of a thread that lives: those are read from its directory. */
static bool take_files(struct proc *proc, int leader, int dir)
{
	char *text = file_read(leader, "status");

	if (!text)
		return false;
	take_status(proc, text);
	take_power(proc, text, dir);
	free(text);
	if (!take_cgroup(proc, dir))
		return false;
	mount_ns_take(dir, "ns/mnt", &proc->mnt);
	take_exe(proc, dir);
	return true;
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

	*proc = (struct proc){ .pid = pid, .thread = pid };
	snprintf(path, sizeof(path), "/proc/%d", pid);
	dir = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return false;
	if (take_stat(proc, dir, &leader_is_dead)) {
		if (leader_is_dead)
			other = open_other_thread(dir, pid, &proc->thread);
		if (other >= 0 || !leader_is_dead)
			read = take_files(proc, dir, leader_is_dead ? other : dir);
	}
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
	free(proc->hierarchy);
	free(proc->cgroup);
	proc->hierarchy = NULL;
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

/**
 * proc_last_argument - the last word of a process's command line
 * @pid: its number
 * @text: out
 * @size: of that
 *
 * A process can write anything there.
 *
 * Return: false if there is none, or it does not fit.
 */
bool proc_last_argument(pid_t pid, char *text, size_t size)
{
	char path[sizeof("/proc//cmdline") + 3 * sizeof(pid)], line[PATH_MAX];
	ssize_t length = -1;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/cmdline", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		length = read(fd, line, sizeof(line) - 1);
		close(fd);
	}
	while (length > 0 && (!line[length - 1] || line[length - 1] == ' '))
		length--;
	if (length <= 0)
		return false;
	line[length] = '\0';
	while (length && line[length - 1] && line[length - 1] != ' ')
		length--;
	return snprintf(text, size, "%s", line + length) < (int)size;
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

static bool proc_list_add(void *data, pid_t pid)
{
	struct proc_list *list = data;
	struct proc *more = array_room(list->items, list->count, sizeof(*more));

	if (!more)
		return false;
	list->items = more;
	if (proc_read(pid, &list->items[list->count]))
		list->count++;
	return true;
}

/**
 * proc_list_read - read all processes
 * @list: out; to be freed by proc_list_free()
 *
 * Return: false if /proc cannot be read, or there is no memory; see errno.
 */
bool proc_list_read(struct proc_list *list)
{
	int err;

	*list = (struct proc_list){};
	err = processes_each(proc_list_add, list);
	if (err) {
		proc_list_free(list);
		errno = err == ECANCELED ? ENOMEM : err;
		return false;
	}
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
