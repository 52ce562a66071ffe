// SPDX-License-Identifier: GPL-2.0
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "json_file.h"
#include "whole.h"

/* More than any kernel executes: 6 MiB of arguments and variables, each byte as \u0000. */
#define SIZE_MAX_BYTES (64 << 20)

/* A runtime's are some ten deep. */
#define DEPTH_MAX 64

/* It is not written again: numbers that json-c cannot keep may be in there. */
static struct json_object *parse(const char *text, size_t length)
{
	struct json_tokener *tokener = json_tokener_new_ex(DEPTH_MAX);
	struct json_object *object;

	if (!tokener)
		return NULL;
	object = json_tokener_parse_ex(tokener, text, length);
	json_tokener_free(tokener);
	if (json_object_is_type(object, json_type_object))
		return object;
	json_object_put(object);
	return NULL;
}

/**
 * json_file_read - read a file
 * @fd: is closed
 *
 * Return: an object, to be put; NULL if it is none, or cannot be read.
 */
struct json_object *json_file_read(int fd)
{
	struct json_object *object = NULL;
	struct stat stat;
	char *text = NULL;

	if (!fstat(fd, &stat) && S_ISREG(stat.st_mode) && stat.st_size <= SIZE_MAX_BYTES)
		text = malloc(stat.st_size + 1);
	if (text && !whole_read(fd, text, stat.st_size))
		object = parse(text, stat.st_size);
	free(text);
	close(fd);
	return object;
}

/**
 * json_file_at - read a file by its name
 * @directory: where it is
 * @name: of it
 *
 * Return: as json_file_read().
 */
struct json_object *json_file_at(const char *directory, const char *name)
{
	char path[PATH_MAX];
	int fd;

	if (snprintf(path, sizeof(path), "%s/%s", directory, name) >= (int)sizeof(path))
		return NULL;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	return fd < 0 ? NULL : json_file_read(fd);
}
