// SPDX-License-Identifier: GPL-2.0
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <time.h>
#include <unistd.h>

#include "pid_file.h"

/* A container that is frozen lets nothing begin. */
#define PATIENCE_MS 10000

/* Return: a descriptor that can be read when something was written there; below 0 if not. */
static int watch(const char *path)
{
	int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	char copy[PATH_MAX];

	if (fd < 0)
		return fd;
	if (strlen(path) < sizeof(copy) &&
	    inotify_add_watch(fd, dirname(strcpy(copy, path)), IN_MOVED_TO | IN_CLOSE_WRITE) >= 0)
		return fd;
	close(fd);
	return -1;
}

/**
 * pid_file_begin - see what is there before the runtime begins
 * @file: out; its descriptor is the caller's
 * @path: its name; NULL if there is none
 */
void pid_file_begin(struct pid_file *file, const char *path)
{
	*file = (struct pid_file){ .path = path, .watch = path ? watch(path) : -1 };
	file->was_there = path && !stat(path, &file->before);
}

static bool is_new(const struct pid_file *file, const struct stat *now)
{
	const struct stat *before = &file->before;

	return S_ISREG(now->st_mode) && (!file->was_there || before->st_ino != now->st_ino ||
					 before->st_mtim.tv_sec != now->st_mtim.tv_sec ||
					 before->st_mtim.tv_nsec != now->st_mtim.tv_nsec);
}

/* Return: 0 if there is none yet. */
static pid_t read_pid(const struct pid_file *file)
{
	char text[16] = "", *end;
	struct stat stat;
	long pid = 0;
	int fd;

	fd = open(file->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return 0;
	if (!fstat(fd, &stat) && is_new(file, &stat) && read(fd, text, sizeof(text) - 1) > 0)
		pid = strtol(text, &end, 10);
	close(fd);
	return pid > 0 && pid <= INT_MAX && (!*end || *end == '\n') ? pid : 0;
}

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}

/* Return: was the file itself written? It may be gone by now, if all was quick. */
static bool was_written(const struct pid_file *file)
{
	char events[4096] __attribute__((aligned(__alignof__(struct inotify_event))));
	const char *slash = strrchr(file->path, '/'), *name = slash ? slash + 1 : file->path;
	bool written = false;
	ssize_t got;

	while ((got = read(file->watch, events, sizeof(events))) > 0) {
		for (const char *at = events; at < events + got;) {
			const struct inotify_event *event = (const void *)at;

			written |= event->len && !strcmp(event->name, name);
			at += sizeof(*event) + event->len;
		}
	}
	return written;
}

/**
 * pid_file_await - wait until the runtime has written the number
 * @file: the file
 * @runtime: its pidfd, or below 0
 * @failed: out: it has ended, and has written none
 *
 * Return: the number; 0 if it is not known.
 */
pid_t pid_file_await(const struct pid_file *file, int runtime, bool *failed)
{
	struct pollfd of[2] = { { .fd = file->watch, .events = POLLIN },
				{ .fd = runtime, .events = POLLIN } };
	int64_t until = now_ms() + PATIENCE_MS, left;
	pid_t pid;

	*failed = false;
	if (!file->path)
		return 0;
	for (bool written = false, ended = false;;) {
		pid = read_pid(file);
		left = until - now_ms();
		if (pid || written || ended || left <= 0) {
			*failed = !pid && ended && !written && file->watch >= 0;
			return pid;
		}
		poll(of, 2, left);
		ended = of[1].revents;
		written = file->watch >= 0 && was_written(file);
	}
}
