// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "whole.h"

/**
 * whole_read - read as much as there was a moment ago
 * @fd: a file
 * @text: out
 * @length: of the file
 *
 * Return: NULL, or what is wrong.
 */
const char *whole_read(int fd, char *text, size_t length)
{
	while (length) {
		ssize_t got = read(fd, text, length);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return got ? strerror(errno) : "it became shorter meanwhile";
		text += got;
		length -= got;
	}
	return NULL;
}

/**
 * whole_write - write all of a text
 * @fd: a file
 * @text: the text
 * @length: of it
 *
 * Return: false, and errno, if that failed.
 */
bool whole_write(int fd, const char *text, size_t length)
{
	while (length) {
		ssize_t done = write(fd, text, length);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return false;
		text += done;
		length -= done;
	}
	return true;
}
