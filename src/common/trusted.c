// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "trusted.h"

static bool is_roots(const struct stat *st)
{
	return !st->st_uid && !(st->st_mode & (S_IWGRP | S_IWOTH));
}

/* Every directory above it, from / on: who can write one can put another file there. */
static bool directories_are_roots(char *path)
{
	struct stat st;

	if (lstat("/", &st) || !is_roots(&st))
		return false;
	for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		bool ok;

		*slash = '\0';
		ok = !lstat(path, &st) && S_ISDIR(st.st_mode) && is_roots(&st);
		*slash = '/';
		if (!ok)
			return false;
	}
	return true;
}

/**
 * trusted_open - open a file that is root's, as is each directory above it
 * @path: the file; symbolic links are followed first
 *
 * Return: open for reading, or -1: errno is EPERM if others than root may have written
 * it, or is no file.
 */
int trusted_open(const char *path)
{
	char *real = realpath(path, NULL);
	struct stat st;
	int fd = -1;

	if (!real)
		return -1;
	errno = EPERM;
	if (directories_are_roots(real))
		fd = open(real, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	if (fd >= 0 && (fstat(fd, &st) || !S_ISREG(st.st_mode) || !is_roots(&st))) {
		close(fd);
		fd = -1;
		errno = EPERM;
	}
	free(real);
	return fd;
}
