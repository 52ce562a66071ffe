// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "logs.h"
#include "message.h"

#define CONFIG	     "/etc/audit/auditd.conf"
#define STANDARD_LOG "/var/log/audit/audit.log"
#define ROTATED_MAX  999

/* auditd writes lines of up to some 9,000 bytes; what is longer is none of its */
#define BUFFER (1UL << 20)

static bool add(struct logs *logs, int fd, const char *name)
{
	struct log_file *files = realloc(logs->files, (logs->count + 1) * sizeof(*files));

	if (!files)
		return false;
	logs->files = files;
	files[logs->count].fd = fd;
	files[logs->count].name = strdup(name);
	logs->count++;
	return files[logs->count - 1].name;
}

/**
 * logs_add - one more file to be read
 * @logs: the files so far
 * @name: "-" is standard input
 *
 * Return: false where it can not be opened; a message has told why.
 */
bool logs_add(struct logs *logs, const char *name)
{
	bool is_stdin = !strcmp(name, "-");
	int fd = is_stdin ? STDIN_FILENO : open(name, O_RDONLY | O_CLOEXEC);

	if (fd >= 0 && add(logs, fd, is_stdin ? "standard input" : name))
		return true;
	message("%s: %s", name, strerror(errno));
	return false;
}

/* auditd.conf's "log_file = PATH" */
static void read_config(char *log, size_t size)
{
	char line[4096], path[4096];
	FILE *config = fopen(CONFIG, "re");

	snprintf(log, size, "%s", STANDARD_LOG);
	if (!config)
		return;
	while (fgets(line, sizeof(line), config)) {
		char *value = strchr(line, '=');

		if (!value || strncasecmp(line + strspn(line, " \t"), "log_file", 8))
			continue;
		if (sscanf(value + 1, " %4095s", path) == 1)
			snprintf(log, size, "%s", path);
	}
	fclose(config);
}

static bool is_there_already(const struct logs *logs, const struct stat *stat)
{
	struct stat other;

	for (size_t i = 0; i < logs->count; i++) {
		if (!fstat(logs->files[i].fd, &other) && other.st_ino == stat->st_ino &&
		    other.st_dev == stat->st_dev)
			return true;
	}
	return false;
}

static void reverse(struct logs *logs)
{
	for (size_t i = 0; i < logs->count / 2; i++) {
		struct log_file other = logs->files[i];

		logs->files[i] = logs->files[logs->count - 1 - i];
		logs->files[logs->count - 1 - i] = other;
	}
}

/**
 * logs_add_system - the log that auditd writes, with those it has rotated
 * @logs: empty
 *
 * auditd may rotate at any time: opened from the newest on, a file may be met
 * twice, and is then taken once, but none is missed.
 *
 * Return: false where there is none to be read; a message has told why.
 */
bool logs_add_system(struct logs *logs)
{
	char log[4096], name[4096 + 16];
	int missing = 0;

	read_config(log, sizeof(log));
	for (int i = 0; i <= ROTATED_MAX; i++) {
		struct stat stat;
		int fd;

		snprintf(name, sizeof(name), i ? "%s.%d" : "%s", log, i);
		fd = open(name, O_RDONLY | O_CLOEXEC);
		/* one may be missing for a moment, while auditd renames them */
		if (fd < 0 && errno == ENOENT && missing++ < 2)
			continue;
		if (fd < 0 && errno == ENOENT)
			break;
		if (fd < 0) {
			message("%s: %s%s", name, strerror(errno),
				errno == EACCES ? ": the audit log is for root, or the group that "
						  "auditd.conf names as log_group" :
						  "");
			return false;
		}
		if (fstat(fd, &stat) || is_there_already(logs, &stat)) {
			close(fd);
			continue;
		}
		if (!add(logs, fd, name)) {
			message("%s", strerror(errno));
			return false;
		}
	}
	if (!logs->count) {
		message("%s: %s: is auditd installed and running? --input names other files", log,
			strerror(ENOENT));
		return false;
	}
	reverse(logs);
	return true;
}

/* Hands out the whole lines in the buffer; returns what is left of it, or -1. */
static ssize_t take_lines(const struct line_user *user, char *buffer, size_t filled, bool *skip)
{
	char *line = buffer, *end = buffer + filled, *newline;

	while ((newline = memchr(line, '\n', end - line))) {
		if (!*skip && !user->take(user->data, line, newline - line))
			return -1;
		*skip = false;
		line = newline + 1;
	}
	memmove(buffer, line, end - line);
	return end - line;
}

static bool read_file(const struct log_file *file, const struct line_user *user, char *buffer)
{
	bool skip = false; /* up to the next newline */
	ssize_t filled = 0, got;

	for (;;) {
		got = read(file->fd, buffer + filled, BUFFER - filled);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			message("%s: %s", file->name, strerror(errno));
			return false;
		}
		if (!got)
			break;
		filled = take_lines(user, buffer, filled + got, &skip);
		if (filled < 0)
			return false;
		if (filled == BUFFER) {
			filled = 0;
			skip = true;
		}
	}
	/* a last line that was cut, or is just being written */
	return !filled || skip || user->take(user->data, buffer, filled);
}

/**
 * logs_read - read all of them
 * @logs: the files
 * @user: gets the lines
 *
 * Return: false where @user has ended it, or one can not be read; a message has
 * told why.
 */
bool logs_read(struct logs *logs, const struct line_user *user)
{
	char *buffer = malloc(BUFFER);
	bool ok = buffer;

	if (!ok)
		message("%s", strerror(errno));
	for (size_t i = 0; ok && i < logs->count; i++)
		ok = read_file(&logs->files[i], user, buffer);
	free(buffer);
	return ok;
}

/** logs_close - close them */
void logs_close(struct logs *logs)
{
	for (size_t i = 0; i < logs->count; i++) {
		if (logs->files[i].fd != STDIN_FILENO)
			close(logs->files[i].fd);
		free(logs->files[i].name);
	}
	free(logs->files);
}
