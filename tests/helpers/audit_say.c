// SPDX-License-Identifier: GPL-2.0
/*
 * audit_say TYPE: sends its standard input, whatever bytes that are, as one
 * message to the kernel's audit socket, in the way of a program with
 * CAP_AUDIT_WRITE; waits for the answer. Exit status: 0, or the error.
 */
#include <errno.h>
#include <linux/audit.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define ROOM 16384

int main(int argc, char **argv)
{
	static union {
		struct nlmsghdr header;
		char bytes[NLMSG_HDRLEN + ROOM];
	} out, in;
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	size_t len = 0;
	ssize_t n;
	int fd;

	if (argc != 2) {
		fputs("usage: audit_say TYPE <MESSAGE\n", stderr);
		return 255;
	}
	while ((n = read(0, out.bytes + NLMSG_HDRLEN + len, ROOM - 1 - len)) > 0)
		len += n;
	out.header.nlmsg_type = atoi(argv[1]);
	out.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	out.header.nlmsg_seq = 1;
	/* with the NUL behind it */
	out.header.nlmsg_len = NLMSG_LENGTH(len + 1);

	fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_AUDIT);
	if (fd < 0 || sendto(fd, &out, out.header.nlmsg_len, 0, (struct sockaddr *)&kernel,
			     sizeof(kernel)) < 0) {
		perror("audit_say");
		return 255;
	}
	do {
		n = recv(fd, &in, sizeof(in), 0);
		if (n < 0) {
			perror("audit_say");
			return 255;
		}
	} while (in.header.nlmsg_type != NLMSG_ERROR);
	return -((struct nlmsgerr *)NLMSG_DATA(&in.header))->error;
}
