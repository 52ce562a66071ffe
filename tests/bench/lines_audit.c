// SPDX-License-Identifier: GPL-2.0
/* What is audited. The caller sets the rules. */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/netlink.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "measure.h"

#define USER_TYPE 1121 /* AUDIT_TRUSTED_APP */

static int sock;

/* It fails, as there is one: the same work each time. */
static void mkdir_once(void)
{
	if (!mkdir("/tmp", 0) || errno != EEXIST)
		fail("mkdir");
}

static void message_prepare(void)
{
	sock = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_AUDIT);
	if (sock < 0)
		fail("socket");
}

static void message_once(void)
{
	static unsigned int serial;
	static const char text[] = "op=measure res=success";
	struct {
		struct nlmsghdr header;
		char text[sizeof(text)];
	} message = {
		.header.nlmsg_len = NLMSG_LENGTH(sizeof(text)),
		.header.nlmsg_type = USER_TYPE,
		.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK,
		.header.nlmsg_seq = ++serial,
	};
	struct {
		struct nlmsghdr header;
		struct nlmsgerr error;
	} answer;

	memcpy(message.text, text, sizeof(text));
	if (send(sock, &message, message.header.nlmsg_len, 0) < 0)
		fail("send");
	if (recv(sock, &answer, sizeof(answer), 0) < 0)
		fail("recv");
	errno = -answer.error.error;
	if (answer.header.nlmsg_type != NLMSG_ERROR || errno)
		fail("user message");
}

static void seccomp_prepare(void)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getppid, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_LOG),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {
		.len = sizeof(filter) / sizeof(*filter),
		.filter = filter,
	};

	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program))
		fail("seccomp");
}

static void seccomp_once(void)
{
	syscall(SYS_getppid);
}

const struct line audit_lines[] = {
	{ "mkdir", 500, NULL, mkdir_once },
	{ "message", 1000, message_prepare, message_once },
	{ "seccomp", 600, seccomp_prepare, seccomp_once },
	{ 0 },
};
