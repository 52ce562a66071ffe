// SPDX-License-Identifier: GPL-2.0
/*
 * audit_tty COMMAND...: executes COMMAND with what it and its children read
 * from a terminal audited, as pam_tty_audit does at a login.
 */
#include <linux/audit.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct {
		struct nlmsghdr header;
		struct audit_tty_status status;
	} out = {
		.header = {
			.nlmsg_len = sizeof(out),
			.nlmsg_type = AUDIT_TTY_SET,
			.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK,
		},
		.status = { .enabled = 1, .log_passwd = 1 },
	};
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	struct {
		struct nlmsghdr header;
		struct nlmsgerr answer;
	} in;
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_AUDIT);

	if (argc < 2) {
		fputs("usage: audit_tty COMMAND...\n", stderr);
		return 2;
	}
	if (fd < 0 ||
	    sendto(fd, &out, sizeof(out), 0, (struct sockaddr *)&kernel, sizeof(kernel)) < 0 ||
	    recv(fd, &in, sizeof(in), 0) < (ssize_t)sizeof(in.header) + 4 || in.answer.error) {
		fputs("audit_tty: refused\n", stderr);
		return 1;
	}
	execvp(argv[1], argv + 1);
	perror(argv[1]);
	return 127;
}
