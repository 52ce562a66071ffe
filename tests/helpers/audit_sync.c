// SPDX-License-Identifier: GPL-2.0
/*
 * audit_sync MARK: sends a user message and waits until auditd has written it:
 * the kernel's queue keeps the order, so what ended before is in the log by then.
 * It follows auditd into a log that is begun meanwhile. Then
 *   audit_sync MARK place          prints where the log ends: its inode number and its size
 *   audit_sync MARK INODE SIZE     prints what was written from such a place until the mark,
 *                                  also if auditd has begun other logs since, without the
 *                                  messages of other marks
 * Exit status: 0, or 1.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/netlink.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define LOG_DIR	 "/var/log/audit"
#define LOG_FILE LOG_DIR "/audit.log"
#define SECONDS	 60
/* auditd keeps so many of before */
#define OLD_LOGS 4
/* of each mark's message */
#define MARKED "msg='text=mark-"

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

/* Return: true when the mark is in the log. */
static bool sync_log(const char *mark)
{
	static char buffer[1 << 16], events[4096];
	int watch = inotify_init1(IN_CLOEXEC);
	int log = open(LOG_FILE, O_RDONLY | O_CLOEXEC);
	size_t kept = 0;
	int next;

	if (watch < 0 || log < 0 ||
	    inotify_add_watch(watch, LOG_DIR, IN_MODIFY | IN_CREATE | IN_MOVED_TO) < 0 ||
	    lseek(log, 0, SEEK_END) < 0 || !say(mark)) {
		fprintf(stderr, "audit_sync: %s\n", strerror(errno));
		return false;
	}
	/* ends by its signal if nothing comes */
	alarm(SECONDS);
	for (;;) {
		if (read_on(log, mark, buffer, sizeof(buffer), &kept))
			return true;
		next = is_the_log(log) ? -1 : open(LOG_FILE, O_RDONLY | O_CLOEXEC);
		if (next < 0) {
			if (read(watch, events, sizeof(events)) < 0)
				return false;
			continue;
		}
		/* it is in the old one, or will be in the new one */
		if (read_on(log, mark, buffer, sizeof(buffer), &kept))
			return true;
		close(log);
		log = next;
		kept = 0;
	}
}

static bool print_place(void)
{
	struct stat st;

	if (stat(LOG_FILE, &st))
		return false;
	printf("%lu %lld\n", (unsigned long)st.st_ino, (long long)st.st_size);
	return true;
}

/* Return: true when the mark's line has come. */
static bool print_lines(FILE *file, const char *mark)
{
	static char *line;
	static size_t size;
	ssize_t length;
	bool found = false;

	while (!found && (length = getline(&line, &size, file)) > 0) {
		found = memmem(line, length, mark, strlen(mark));
		if (!found && !memmem(line, length, MARKED, strlen(MARKED)))
			fwrite(line, 1, length, stdout);
	}
	return found;
}

/* The logs after the one with this inode number, and that from this place on. */
static bool print_from(ino_t inode, off_t from, const char *mark)
{
	FILE *file[OLD_LOGS + 1];
	char path[sizeof(LOG_FILE) + 8];
	bool found = false;
	struct stat st;
	int n;

	/* the latest has the lowest number */
	for (n = 0; n <= OLD_LOGS; n++) {
		snprintf(path, sizeof(path), n ? LOG_FILE ".%d" : LOG_FILE, n);
		file[n] = fopen(path, "re");
		if (!file[n] || fstat(fileno(file[n]), &st))
			return false;
		if (st.st_ino == inode)
			break;
	}
	if (n > OLD_LOGS || fseeko(file[n], from, SEEK_SET))
		return false;
	for (; n >= 0 && !found; n--)
		found = print_lines(file[n], mark);
	return found;
}

int main(int argc, char **argv)
{
	bool done = false;

	if (argc < 2 || argc > 4 || (argc == 3 && strcmp(argv[2], "place"))) {
		fprintf(stderr, "audit_sync MARK [place | INODE SIZE]\n");
		return 1;
	}
	if (!sync_log(argv[1]))
		return 1;
	switch (argc) {
	case 2:
		done = true;
		break;
	case 3:
		done = print_place();
		break;
	case 4:
		done = print_from(strtoul(argv[2], NULL, 10), strtoll(argv[3], NULL, 10), argv[1]);
	}
	if (!done)
		fprintf(stderr, "audit_sync: the log is not as it was\n");
	return fflush(stdout) || !done;
}
