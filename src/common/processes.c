// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "processes.h"

/**
 * pid_parse - read a process number
 * @text: decimal digits, nothing else
 * @pid: out
 */
bool pid_parse(const char *text, pid_t *pid)
{
	unsigned long n;

	if (!*text || text[strspn(text, "0123456789")])
		return false;
	errno = 0;
	n = strtoul(text, NULL, 10);
	*pid = n;
	return !errno && n > 0 && n <= INT32_MAX;
}

static void name_copy(char to[PROC_NAME], const char *from, const char *end)
{
	size_t i;

	for (i = 0; from < end && i < PROC_NAME - 1; i++, from++)
		to[i] = *from >= ' ' && *from <= '~' ? *from : '?';
	to[i] = '\0';
}

/**
 * process_stat_parse - take a line of stat apart
 * @stat: out
 * @text: "12 (name) S 1 ..."; the name may have parentheses and blanks
 *
 * Return: false if it is no such line.
 */
bool process_stat_parse(struct process_stat *stat, const char *text)
{
	const char *name = strchr(text, '('), *end = strrchr(text, ')');

	if (!name || !end ||
	    sscanf(end + 1,
		   " %c %d %*d %*d %*d %*d %lu %*u %*u %*u %*u %*u %*u "
		   "%*d %*d %*d %*d %lu %*d %llu",
		   &stat->state, &stat->parent, &stat->flags, &stat->threads, &stat->start) != 5)
		return false;
	name_copy(stat->name, name + 1, end);
	return true;
}

/**
 * process_stat_read - read a process's stat
 * @stat: out
 * @dir: the directory of the process in /proc
 *
 * Return: false if it has been reaped.
 */
bool process_stat_read(struct process_stat *stat, int dir)
{
	int fd = openat(dir, "stat", O_RDONLY | O_CLOEXEC);
	ssize_t length;
	char text[1024]; /* what is asked for stands at its begin */

	if (fd < 0)
		return false;
	length = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (length <= 0)
		return false;
	text[length] = '\0';
	return process_stat_parse(stat, text);
}

/**
 * process_is_kernels - is it a thread of the kernel's?
 * @dir: the directory of the process in /proc
 *
 * The module refuses to say what one of these carries, and each refusal is on record.
 */
bool process_is_kernels(int dir)
{
	struct process_stat about;

	return process_stat_read(&about, dir) && about.flags & KERNEL_THREAD;
}

/**
 * processes_each - go through all processes that can be seen
 * @take: gets the number of each; false ends it
 * @data: for it
 *
 * Return: 0, ECANCELED if @take has ended it, or the errno with which /proc cannot be read.
 */
int processes_each(bool (*take)(void *data, pid_t pid), void *data)
{
	DIR *dir = opendir("/proc");
	struct dirent *entry;
	bool more = true;
	pid_t pid;

	if (!dir)
		return errno;
	while (more && (entry = readdir(dir))) {
		if (pid_parse(entry->d_name, &pid))
			more = take(data, pid);
	}
	closedir(dir);
	return more ? 0 : ECANCELED;
}
