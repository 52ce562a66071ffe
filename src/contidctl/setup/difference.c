// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "difference.h"

/* diff's: the files differ; execvp failed */
#define DIFFERENT 1
#define NO_DIFF	  127

/* Return: a file in memory that has it, or -1. */
static int as_file(const struct bytes *bytes)
{
	int fd = memfd_create("audit-contid", 0);

	if (fd >= 0 && bytes->length &&
	    write(fd, bytes->text, bytes->length) != (ssize_t)bytes->length) {
		close(fd);
		return -1;
	}
	return fd;
}

static void become_diff(const char *path, const char *old, const char *new)
{
	char *argv[] = { "diff",       "-u", "--label",	  (char *)path, "--label",
			 (char *)path, "--", (char *)old, (char *)new,	NULL };

	execvp(argv[0], argv);
	_exit(NO_DIFF);
}

/**
 * difference_print - print what would be changed in a file
 * @path: its name, as it is on the machine
 * @to: what would be in it
 *
 * Return: NULL, or why it cannot be printed.
 */
const char *difference_print(const char *path, const struct bytes *to)
{
	char *name = below(path), new[64] = "/dev/null";
	int fd = to->there ? as_file(to) : -1, status = -1;
	pid_t child;

	if (fd >= 0)
		snprintf(new, sizeof(new), "/proc/self/fd/%d", fd);
	fflush(stdout);
	child = fork();
	if (!child)
		become_diff(path, below_has(path) ? name : "/dev/null", new);
	if (child > 0)
		waitpid(child, &status, 0);
	if (fd >= 0)
		close(fd);
	free(name);
	if (child < 0)
		return strerror(errno);
	if (WIFEXITED(status) && WEXITSTATUS(status) == NO_DIFF)
		return "there is no program diff: install diffutils";
	return WIFEXITED(status) && WEXITSTATUS(status) <= DIFFERENT ? NULL : "diff failed";
}
