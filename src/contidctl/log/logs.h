/* SPDX-License-Identifier: GPL-2.0 */
/* The files of the audit log, as lines. */
#ifndef CONTIDCTL_LOGS_H
#define CONTIDCTL_LOGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct log_file - one of them
 * @fd: it, open
 * @name: for messages
 * @damaged: it is compressed, and could not be read to its end, which was said
 */
struct log_file {
	int fd;
	char *name;
	bool damaged;
};

/**
 * struct logs - files to be read, oldest first
 * @files: the files, open
 * @count: how many
 * @follow: the last one will be read on: the begin of a line at its end is not handed out
 * @long_lines: longer than a record can be, and passed over
 * @damaged: a compressed one could not be read to its end
 */
struct logs {
	struct log_file *files;
	size_t count;
	bool follow;
	uint64_t long_lines;
	bool damaged;
};

/**
 * struct line_user - what comes of the lines
 * @take: gets each line, without its newline; false ends the reading
 * @data: for it
 */
struct line_user {
	bool (*take)(void *data, const char *line, size_t len);
	void *data;
};

bool logs_insert(struct logs *logs, size_t at, int fd, const char *name);
bool logs_add(struct logs *logs, const char *name);
bool logs_end_in_stream(const struct logs *logs);
bool logs_follow(struct logs *logs, const struct line_user *user, bool (*idle)(void *data));
bool logs_rewind(struct logs *logs);
bool logs_read(struct logs *logs, const struct line_user *user);
void logs_close(struct logs *logs);

#endif
