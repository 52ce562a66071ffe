// SPDX-License-Identifier: GPL-2.0
/*
 * fanotify_allow [-a] DIRECTORY COMMAND...: executes COMMAND, and lets each open of
 * a file in DIRECTORY happen, with an audit record of that, until COMMAND and its
 * children are gone. Ends as COMMAND does.
 *
 * -a: not each open, but each access before it is made; ends with 3 if this kernel
 * does not tell of those.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/fanotify.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef FAN_AUDIT
#define FAN_AUDIT 0x10
#endif
#ifndef FAN_ENABLE_AUDIT
#define FAN_ENABLE_AUDIT 0x40
#endif
/* since 6.14 */
#ifndef FAN_PRE_ACCESS
#define FAN_PRE_ACCESS 0x00100000
#endif

static int allow(int fd)
{
	struct fanotify_event_metadata events[32], *event = events;
	ssize_t len = read(fd, events, sizeof(events));

	if (len < 0)
		return -1;
	for (; FAN_EVENT_OK(event, len); event = FAN_EVENT_NEXT(event, len)) {
		struct fanotify_response answer = {
			.fd = event->fd,
			.response = FAN_ALLOW | FAN_AUDIT,
		};

		if (write(fd, &answer, sizeof(answer)) != sizeof(answer))
			return -1;
		close(event->fd);
	}
	return 0;
}

int main(int argc, char **argv)
{
	struct pollfd ready[2] = { { .events = POLLIN }, { .events = 0 } };
	unsigned int class = FAN_CLASS_CONTENT;
	unsigned long long what = FAN_OPEN_PERM;
	int fd, status, ends[2];
	bool is_unknown;
	pid_t child;

	if (argc > 1 && !strcmp(argv[1], "-a")) {
		class = FAN_CLASS_PRE_CONTENT;
		what = FAN_PRE_ACCESS;
		argv++;
		argc--;
	}
	if (argc < 3) {
		fputs("usage: fanotify_allow [-a] DIRECTORY COMMAND...\n", stderr);
		return 2;
	}
	fd = fanotify_init(class | FAN_CLOEXEC | FAN_ENABLE_AUDIT, O_RDONLY | O_LARGEFILE);
	if (fd < 0 ||
	    fanotify_mark(fd, FAN_MARK_ADD, what | FAN_EVENT_ON_CHILD, AT_FDCWD, argv[1]) ||
	    pipe2(ends, O_CLOEXEC)) {
		is_unknown = errno == EINVAL && what == FAN_PRE_ACCESS;
		perror("fanotify_allow");
		return is_unknown ? 3 : 1;
	}
	child = fork();
	if (!child) {
		/* without CLOEXEC: the pipe ends with the command */
		if (dup(ends[1]) < 0)
			_exit(127);
		execvp(argv[2], argv + 2);
		perror(argv[2]);
		_exit(127);
	}
	close(ends[1]);
	ready[0].fd = fd;
	ready[1].fd = ends[0];
	while (poll(ready, 2, -1) > 0 && !(ready[1].revents & POLLHUP)) {
		if ((ready[0].revents & POLLIN) && allow(fd)) {
			perror("fanotify_allow");
			return 1;
		}
	}
	if (child < 0 || waitpid(child, &status, 0) != child)
		return 1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
