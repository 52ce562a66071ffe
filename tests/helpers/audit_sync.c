// SPDX-License-Identifier: GPL-2.0
/*
 * audit_sync MARK: sends a user message and waits until auditd has written it:
 * the kernel's queue keeps the order, so what ended before is in the log by then.
 * It follows auditd into a log that is begun meanwhile. Exit status: 0, or 1.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/netlink.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define LOG_DIR	 "/var/log/audit"
#define LOG_FILE LOG_DIR "/audit.log"
#define SECONDS	 60

static bool say(const char *mark)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	struct {
		struct nlmsghdr header;
		char text[256];
	} out = {
		.header.nlmsg_type = AUDIT_USER,
		.header.nlmsg_flags = NLM_F_REQUEST,
	};
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_AUDIT);
	int len = snprintf(out.text, sizeof(out.text), "text=%s res=success", mark);

	out.header.nlmsg_len = NLMSG_LENGTH(len + 1);
	return fd >= 0 && sendto(fd, &out, out.header.nlmsg_len, 0, (struct sockaddr *)&kernel,
				 sizeof(kernel)) >= 0;
}

/* Is it in what was added to the file? The end of each part is kept for the next. */
static bool read_on(int fd, const char *mark, char *buffer, size_t size, size_t *kept)
{
	ssize_t n;

	while ((n = read(fd, buffer + *kept, size - *kept)) > 0) {
		n += *kept;
		if (memmem(buffer, n, mark, strlen(mark)))
			return true;
		*kept = (size_t)n < strlen(mark) ? (size_t)n : strlen(mark);
		memmove(buffer, buffer + n - *kept, *kept);
	}
	return false;
}

static bool is_the_log(int fd)
{
	struct stat own, named;

	return !fstat(fd, &own) && !stat(LOG_FILE, &named) && own.st_ino == named.st_ino;
}

int main(int argc, char **argv)
{
	static char buffer[1 << 16], events[4096];
	int watch = inotify_init1(IN_CLOEXEC);
	int log = open(LOG_FILE, O_RDONLY | O_CLOEXEC);
	size_t kept = 0;
	int next;

	if (argc != 2 || watch < 0 || log < 0 ||
	    inotify_add_watch(watch, LOG_DIR, IN_MODIFY | IN_CREATE | IN_MOVED_TO) < 0 ||
	    lseek(log, 0, SEEK_END) < 0 || !say(argv[1])) {
		fprintf(stderr, "audit_sync MARK: %s\n", strerror(errno));
		return 1;
	}
	/* ends by its signal if nothing comes */
	alarm(SECONDS);
	for (;;) {
		if (read_on(log, argv[1], buffer, sizeof(buffer), &kept))
			return 0;
		next = is_the_log(log) ? -1 : open(LOG_FILE, O_RDONLY | O_CLOEXEC);
		if (next < 0) {
			if (read(watch, events, sizeof(events)) < 0)
				return 1;
			continue;
		}
		/* it is in the old one, or will be in the new one */
		if (read_on(log, argv[1], buffer, sizeof(buffer), &kept))
			return 0;
		close(log);
		log = next;
		kept = 0;
	}
}
