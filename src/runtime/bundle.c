// SPDX-License-Identifier: GPL-2.0
/*
 * The runtime reads the configuration behind us. It finds the old one or the new one, and
 * never a part: the new one takes the place of the old by one rename.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bundle.h"
#include "exact.h"
#include "hooks.h"
#include "whole.h"

/* The author of a pod chooses how much of it there is: arguments, environment, annotations. */
#define SIZE_MAX_BYTES (64 << 20)

const char bundle_too_large[] = "it is larger than 64 MiB";
const char bundle_no_memory[] = "there is not enough memory to change it";

/**
 * struct file - the configuration
 * @directory: open
 * @name: in there
 * @stat: whose it is, and how large
 * @text: what is in it
 */
struct file {
	int directory;
	const char *name;
	struct stat stat;
	char *text;
};

static const char *may_be_replaced(const struct stat *stat)
{
	if (!S_ISREG(stat->st_mode))
		return "it is no file";
	if (stat->st_uid != geteuid())
		return "another user owns it";
	if (stat->st_size > SIZE_MAX_BYTES)
		return bundle_too_large;
	return NULL;
}

static const char *read_text(struct file *file, int fd)
{
	file->text = malloc(file->stat.st_size + 1);
	return file->text ? whole_read(fd, file->text, file->stat.st_size) : strerror(ENOMEM);
}

static const char *read_file(struct file *file)
{
	const char *wrong;
	int fd;

	fd = openat(file->directory, file->name,
		    O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return errno == ELOOP ? "it is a symbolic link" : strerror(errno);
	wrong = fstat(fd, &file->stat) ? strerror(errno) : may_be_replaced(&file->stat);
	if (!wrong)
		wrong = read_text(file, fd);
	close(fd);
	return wrong;
}

static const char *replace(const struct file *file, const char *text, size_t length)
{
	const char *wrong = NULL;
	char name[64];
	int fd;

	snprintf(name, sizeof(name), ".audit-contid.%d", getpid());
	unlinkat(file->directory, name, 0);
	fd = openat(file->directory, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return strerror(errno);
	/* the owner first: a change of it takes bits off the mode */
	if (!whole_write(fd, text, length) || fchown(fd, file->stat.st_uid, file->stat.st_gid) ||
	    fchmod(fd, file->stat.st_mode & 07777))
		wrong = strerror(errno);
	if (close(fd) && !wrong)
		wrong = strerror(errno);
	if (!wrong && renameat(file->directory, name, file->directory, file->name))
		wrong = strerror(errno);
	if (wrong)
		unlinkat(file->directory, name, 0);
	return wrong;
}

static const char *add(struct file *file, const char *program)
{
	struct json_object *config = NULL;
	const char *wrong, *text;
	size_t length;
	bool added;

	errno = 0;
	wrong = read_file(file);
	if (!wrong)
		wrong = exact_parse(file->text, file->stat.st_size, &config);
	if (!wrong)
		wrong = hooks_add(config, program, &added);
	if (!wrong && added) {
		text = json_object_to_json_string_length(
			config, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE, &length);
		/* json-c may print a part, and say nothing */
		wrong = text && errno != ENOMEM ? replace(file, text, length) : strerror(ENOMEM);
	}
	if (wrong && errno == ENOMEM)
		wrong = bundle_no_memory;
	json_object_put(config);
	free(file->text);
	return wrong;
}

/**
 * bundle_add_hook - have the runtime call our hook for a container
 * @config: the container's configuration file
 * @program: the hook's program
 *
 * If the hook is in there already, the file stays as it is.
 *
 * Return: NULL, or why the file was left as it was; bundle_too_large if it is larger than
 * any that an engine needs, bundle_no_memory if that is why.
 */
const char *bundle_add_hook(const char *config, const char *program)
{
	char directory[PATH_MAX], name[PATH_MAX];
	struct file file = {};
	const char *wrong;

	if (strlen(config) >= PATH_MAX)
		return strerror(ENAMETOOLONG);
	strcpy(directory, config);
	strcpy(name, config);
	file.name = basename(name);
	file.directory = open(dirname(directory), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (file.directory < 0)
		return strerror(errno);
	wrong = add(&file, program);
	close(file.directory);
	return wrong;
}
