// SPDX-License-Identifier: GPL-2.0
/*
 * odd_process path: is a process seen whose cgroup the kernel does not say, as some before Linux
 * 6.8 do not if the path has more than 4,095 bytes? Ends with 0 if so.
 *
 * odd_process number: is there a snapshot, though the number of a process is that of a thread
 * when it is looked at? Here it is so for all. Ends with 0 if so.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "proc.h"
#include "snapshot.h"

ssize_t __real_read(int fd, void *to, size_t size);
ssize_t __wrap_read(int fd, void *to, size_t size);
long __real_syscall(long number, ...);
long __wrap_syscall(long number, ...);
int __wrap_live_each(int fd,
		     bool (*take)(void *data, const struct audit_contid_container *container),
		     void *data, uint64_t *changes);

ssize_t __wrap_read(int fd, void *to, size_t size)
{
	static const char file[] = "/cgroup";
	char of[64], path[PATH_MAX];
	ssize_t length;

	snprintf(of, sizeof(of), "/proc/self/fd/%d", fd);
	length = readlink(of, path, sizeof(path));
	if (length > (ssize_t)strlen(file) &&
	    !memcmp(path + length - strlen(file), file, strlen(file))) {
		errno = ENAMETOOLONG;
		return -1;
	}
	return __real_read(fd, to, size);
}

long __wrap_syscall(long number, ...)
{
	va_list args;
	long a, b;

	if (number == SYS_pidfd_open) {
		errno = EINVAL;
		return -1;
	}
	va_start(args, number);
	a = va_arg(args, long);
	b = va_arg(args, long);
	va_end(args);
	return __real_syscall(number, a, b);
}

/* There is no module, and no container. */
int __wrap_live_each(int fd,
		     bool (*take)(void *data, const struct audit_contid_container *container),
		     void *data, uint64_t *changes)
{
	(void)fd, (void)take, (void)data;
	*changes = 0;
	return 0;
}

static int look_at_path(void)
{
	struct proc proc;

	if (!proc_read(getpid(), &proc))
		return 1;
	return !*proc.cgroup && proc.start ? 0 : 1;
}

static int look_at_number(void)
{
	const struct device device = { .fd = -1 };
	struct state state;
	uint64_t changes;

	return snapshot_take(&device, &state, &changes) ? 0 : 1;
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "path"))
		return look_at_path();
	return argc == 2 && !strcmp(argv[1], "number") ? look_at_number() : 2;
}
