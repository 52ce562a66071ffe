// SPDX-License-Identifier: GPL-2.0
/*
 * audit_hear END COMMAND...: runs COMMAND and prints what listeners of the
 * kernel's audit records get meanwhile, as systemd-journald does, up to a record
 * with END in it; "type=NUMBER TEXT" for each.
 */
#include <linux/audit.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	static union {
		struct nlmsghdr header;
		char bytes[NLMSG_HDRLEN + 16384];
	} in;
	struct sockaddr_nl group = { .nl_family = AF_NETLINK };
	struct timeval limit = { .tv_sec = 30 };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_AUDIT);
	int which = AUDIT_NLGRP_READLOG;
	pid_t child;
	ssize_t n;

	if (argc < 3) {
		fputs("usage: audit_hear END COMMAND...\n", stderr);
		return 2;
	}
	if (fd < 0 || bind(fd, (struct sockaddr *)&group, sizeof(group)) ||
	    setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &which, sizeof(which)) ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit))) {
		perror("audit_hear");
		return 1;
	}
	child = fork();
	if (child < 0) {
		perror("fork");
		return 1;
	}
	if (!child) {
		/* its output is not mixed with the records */
		dup2(2, 1);
		execvp(argv[2], argv + 2);
		perror(argv[2]);
		_exit(127);
	}
	do {
		n = recv(fd, in.bytes, sizeof(in.bytes) - 1, 0);
		if (n < NLMSG_HDRLEN) {
			fputs("audit_hear: the end did not come\n", stderr);
			return 1;
		}
		in.bytes[n] = 0;
		printf("type=%d %s\n", in.header.nlmsg_type, in.bytes + NLMSG_HDRLEN);
	} while (!strstr(in.bytes + NLMSG_HDRLEN, argv[1]));
	waitpid(child, NULL, 0);
	return 0;
}
