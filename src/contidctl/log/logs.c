// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "logs.h"
#include "message.h"
#include "unpack.h"

#define ROTATED_MAX 999
#define PAUSE	    200 /* milliseconds between two looks at a log that is followed */

/* auditd writes lines of up to some 9,000 bytes; what is longer is none of its */
#define BUFFER (1UL << 20)

/**
 * logs_insert - one more file, that is open
 * @logs: the files so far
 * @at: so many of them are read before it
 * @fd: the file
 * @name: for messages
 *
 * Return: false for want of memory.
 */
bool logs_insert(struct logs *logs, size_t at, int fd, const char *name)
{
	struct log_file *files = realloc(logs->files, (logs->count + 1) * sizeof(*files));

	if (!files)
		return false;
	logs->files = files;
	memmove(files + at + 1, files + at, (logs->count - at) * sizeof(*files));
	files[at] = (struct log_file){ .fd = fd, .name = strdup(name) };
	logs->count++;
	return files[at].name;
}

static bool add(struct logs *logs, int fd, const char *name)
{
	return logs_insert(logs, logs->count, fd, name);
}

/**
 * logs_add - one more file to be read
 * @logs: the files so far
 * @name: "-" is standard input
 *
 * Return: false if it cannot be opened; a message says why.
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

static bool read_lines(struct logs *logs, struct log_file *file, struct unpack *unpack,
		       const struct line_user *user, char *buffer)
{
	bool skip = false; /* up to the next newline */
	ssize_t filled = 0, got;

	while ((got = unpack_read(unpack, buffer + filled, BUFFER - filled))) {
		/* those behind it are read all the same */
		if (got < 0 && errno == EBADMSG) {
			if (!file->damaged)
				message("%s: it is compressed, and damaged or cut: its end is "
					"missing here",
					file->name);
			file->damaged = logs->damaged = true;
			break;
		}
		if (got < 0) {
			message("%s: %s", file->name, strerror(errno));
			return false;
		}
		filled = take_lines(user, buffer, filled + got, &skip);
		if (filled < 0)
			return false;
		if (filled == BUFFER) {
			logs->long_lines += !skip;
			filled = 0;
			skip = true;
		}
	}
	if (logs->follow && file == &logs->files[logs->count - 1])
		return lseek(file->fd, -filled, SEEK_CUR) >= 0;
	/* a last line that was cut, or is just being written */
	return !filled || skip || user->take(user->data, buffer, filled);
}

static bool read_file(struct logs *logs, struct log_file *file, const struct line_user *user,
		      char *buffer)
{
	struct unpack *unpack = unpack_open(file->fd, file->name);
	bool ok;

	if (!unpack)
		return false;
	ok = read_lines(logs, file, unpack, user, buffer);
	unpack_close(unpack);
	return ok;
}

static bool is_stream(const struct log_file *file)
{
	return lseek(file->fd, 0, SEEK_CUR) < 0 && errno == ESPIPE;
}

/**
 * logs_end_in_stream - is the last of them a pipe or a socket, which can be read once?
 * @logs: the files, at least one
 */
bool logs_end_in_stream(const struct logs *logs)
{
	return is_stream(&logs->files[logs->count - 1]);
}

/* A pipe can be read once: a copy of all it has takes its place. */
static bool make_seekable(struct log_file *file)
{
	FILE *copy = tmpfile();
	char buffer[65536];
	ssize_t got;
	bool ok = copy;

	while (ok && (got = read(file->fd, buffer, sizeof(buffer)))) {
		if (got > 0)
			ok = fwrite(buffer, 1, got, copy) == (size_t)got;
		else
			ok = errno == EINTR;
	}
	ok = ok && !fflush(copy) && dup2(fileno(copy), file->fd) >= 0;
	if (!ok)
		message("%s: %s", file->name, strerror(errno));
	if (copy)
		fclose(copy);
	return ok;
}

/**
 * logs_rewind - have logs_read() begin anew, also before it was called
 * @logs: the files
 *
 * Return: false if one cannot be read again; a message has been printed.
 */
bool logs_rewind(struct logs *logs)
{
	logs->long_lines = 0;
	for (size_t i = 0; i < logs->count; i++) {
		struct log_file *file = &logs->files[i];

		if (is_stream(file) && !make_seekable(file))
			return false;
		lseek(file->fd, 0, SEEK_SET);
	}
	return true;
}

/**
 * logs_read - read all of them, but for a stream that is followed
 * @logs: the files
 * @user: gets the lines
 *
 * Return: false if @user has ended it, or one cannot be read; a message
 * says why.
 */
bool logs_read(struct logs *logs, const struct line_user *user)
{
	size_t count = logs->count - (logs->follow && logs_end_in_stream(logs));
	char *buffer = malloc(BUFFER);
	bool ok = buffer;

	if (!ok)
		message("%s", strerror(errno));
	for (size_t i = 0; ok && i < count; i++)
		ok = read_file(logs, &logs->files[i], user, buffer);
	free(buffer);
	return ok;
}

static bool is_older(const struct stat *a, const struct stat *b)
{
	return a->st_mtim.tv_sec != b->st_mtim.tv_sec ? a->st_mtim.tv_sec < b->st_mtim.tv_sec :
							a->st_mtim.tv_nsec < b->st_mtim.tv_nsec;
}

/* A log that was rotated is one of those beside it: the next younger one goes on. */
static int open_next(const struct log_file *file)
{
	char name[4096 + 16];
	struct stat ours, other;
	int younger = -1, fd;

	if (fstat(file->fd, &ours))
		return -1;
	for (int i = 0; i <= ROTATED_MAX; i++) {
		snprintf(name, sizeof(name), i ? "%s.%d" : "%s", file->name, i);
		fd = open(name, O_RDONLY | O_CLOEXEC);
		if (fd < 0 && i < 2)
			continue;
		if (fd < 0 || fstat(fd, &other))
			break;
		if (other.st_ino == ours.st_ino && other.st_dev == ours.st_dev) {
			close(fd);
			return younger;
		}
		/* ours lies elsewhere now, or is gone: what was written before it was read */
		if (is_older(&other, &ours)) {
			close(fd);
			return younger;
		}
		if (younger >= 0)
			close(younger);
		younger = fd;
	}
	/* it is gone: what is oldest follows it */
	return younger;
}

/*
 * At the end of the file: has another one taken its place? What was written to the old one
 * after its end was seen is read before.
 */
static bool next_file(struct log_file *file, bool *was_at_end)
{
	struct stat stat;
	int fd;

	if (!fstat(file->fd, &stat) && stat.st_size < lseek(file->fd, 0, SEEK_CUR))
		return lseek(file->fd, 0, SEEK_SET) == 0; /* it was cut, and is written anew */
	fd = open_next(file);
	if (fd < 0) {
		*was_at_end = false;
		return false;
	}
	if (!*was_at_end) {
		*was_at_end = true;
		close(fd);
		return true;
	}
	*was_at_end = false;
	dup2(fd, file->fd);
	close(fd);
	return true;
}

/**
 * struct tail - the end of a log, while it grows
 * @file: the log
 * @is_stream: it is a pipe or a socket, and no other takes its place
 * @was_at_end: see next_file()
 * @buffer: what was read and not handed out, BUFFER bytes
 * @filled: so much is in there
 * @skip: what comes belongs to a line that is too long
 */
struct tail {
	struct log_file *file;
	bool is_stream;
	bool was_at_end;
	char *buffer;
	ssize_t filled;
	bool skip;
};

enum growth { MORE, NOTHING, CLOSED, FAILED };

/* Read on; waits for a moment if there is nothing, and no longer than for a signal. */
static enum growth tail_read(struct tail *tail)
{
	struct pollfd wait = { .fd = tail->is_stream ? tail->file->fd : -1, .events = POLLIN };
	ssize_t got;

	if (tail->is_stream && poll(&wait, 1, PAUSE) <= 0)
		return NOTHING;
	got = read(tail->file->fd, tail->buffer + tail->filled, BUFFER - tail->filled);
	if (got > 0) {
		tail->filled += got;
		return MORE;
	}
	if (got < 0 && errno != EINTR)
		return FAILED;
	if (tail->is_stream)
		return got ? NOTHING : CLOSED;
	if (next_file(tail->file, &tail->was_at_end))
		return MORE;
	poll(NULL, 0, PAUSE);
	return NOTHING;
}

/* Hand out its whole lines. */
static bool tail_take(struct tail *tail, struct logs *logs, const struct line_user *user)
{
	tail->filled = take_lines(user, tail->buffer, tail->filled, &tail->skip);
	if (tail->filled == BUFFER) {
		logs->long_lines += !tail->skip;
		tail->filled = 0;
		tail->skip = true;
	}
	return tail->filled >= 0;
}

/**
 * logs_follow - read what is written to the last file from now on, also after a rotation
 * @logs: the files, after logs_read()
 * @user: gets the lines
 * @idle: called with the user's data when nothing was written for a while, or a signal came
 *	meanwhile; false ends it
 *
 * The end of a stream ends it, too, and its last line need not be whole.
 *
 * Return: false if @user has ended it, or the file cannot be read; a message says why.
 */
bool logs_follow(struct logs *logs, const struct line_user *user, bool (*idle)(void *data))
{
	struct tail tail = {
		.file = &logs->files[logs->count - 1],
		.is_stream = logs_end_in_stream(logs),
		.buffer = malloc(BUFFER),
	};
	enum growth growth = MORE;
	bool ok = tail.buffer;

	while (ok) {
		growth = tail_read(&tail);
		if (growth == CLOSED || growth == FAILED)
			break;
		if (growth == MORE)
			ok = tail_take(&tail, logs, user);
		else if (!idle(user->data))
			break;
	}
	if (growth == FAILED || !tail.buffer) {
		message("%s: %s", tail.file->name, strerror(errno));
		ok = false;
	}
	if (growth == CLOSED && tail.filled && !tail.skip)
		ok = user->take(user->data, tail.buffer, tail.filled);
	free(tail.buffer);
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
