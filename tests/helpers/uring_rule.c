// SPDX-License-Identifier: GPL-2.0
/*
 * uring_rule: adds the audit rule "-a always,io_uring -S openat", for an
 * auditctl that does not know this filter. "auditctl -D" removes it.
 */
#include <linux/audit.h>
#include <linux/io_uring.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* since Linux 5.16 */
#ifndef AUDIT_FILTER_URING_EXIT
#define AUDIT_FILTER_URING_EXIT 0x07
#endif

int main(void)
{
	struct {
		struct nlmsghdr header;
		struct audit_rule_data rule;
	} out = {
		.header = {
			.nlmsg_len = sizeof(out),
			.nlmsg_type = AUDIT_ADD_RULE,
			.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK,
		},
		.rule = { .flags = AUDIT_FILTER_URING_EXIT, .action = AUDIT_ALWAYS },
	};
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	struct {
		struct nlmsghdr header;
		struct nlmsgerr answer;
	} in;
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_AUDIT);

	out.rule.mask[AUDIT_WORD(IORING_OP_OPENAT)] = AUDIT_BIT(IORING_OP_OPENAT);
	if (fd < 0 ||
	    sendto(fd, &out, sizeof(out), 0, (struct sockaddr *)&kernel, sizeof(kernel)) < 0 ||
	    recv(fd, &in, sizeof(in), 0) < 0) {
		perror("uring_rule");
		return 1;
	}
	if (in.header.nlmsg_type != NLMSG_ERROR || in.answer.error) {
		fprintf(stderr, "uring_rule: %s\n", strerror(-in.answer.error));
		return 1;
	}
	return 0;
}
