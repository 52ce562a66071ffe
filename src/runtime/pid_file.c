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

/**
 * pid_file_begin - see what is there before the runtime begins
 * @file: out
 * @path: its name; NULL if there is none
 */
void pid_file_begin(struct pid_file *file, const char *path)
{
	*file = (struct pid_file){ .path = path };
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

/* Return: a descriptor that can be read when something was written to its directory. */
static int watch(const char *path)
{
	int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	char copy[PATH_MAX];

	if (fd < 0 || strlen(path) >= sizeof(copy))
		return fd;
	strcpy(copy, path);
	inotify_add_watch(fd, dirname(copy), IN_MOVED_TO | IN_CLOSE_WRITE);
	return fd;
}

static void drain(int fd)
{
	char events[4096];

	while (read(fd, events, sizeof(events)) > 0)
		;
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
	int64_t until = now_ms() + PATIENCE_MS, left;
	struct pollfd of[2] = { { .events = POLLIN }, { .fd = runtime, .events = POLLIN } };
	pid_t pid;

	*failed = false;
	if (!file->path)
		return 0;
	of[0].fd = watch(file->path);
	for (;;) {
		bool ended = of[1].revents;

		pid = read_pid(file);
		left = until - now_ms();
		if (pid || ended || left <= 0) {
			*failed = !pid && ended;
			break;
		}
		of[1].revents = 0;
		poll(of, 2, left);
		if (of[0].revents)
			drain(of[0].fd);
	}
	if (of[0].fd >= 0)
		close(of[0].fd);
	return pid;
}
