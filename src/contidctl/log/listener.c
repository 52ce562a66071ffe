// SPDX-License-Identifier: GPL-2.0
/*
 * AUDIT_NLGRP_READLOG: the kernel sends each record to this group too, with and
 * without an auditd; but only in the initial network namespace.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <libaudit.h>
#include <linux/filter.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "listener.h"
#include "message.h"

#define HEAD	   64 /* "type=TYPE msg=" */
#define BUFFER	   (1 << 20)
#define BUFFER_ALL (16 << 20) /* they are many more */

/*
 * In another network namespace all would seem well, and nothing would be heard.
 * Settings of the machine as a whole are only shown in the host's.
 */
static bool check_namespace(void)
{
	if (access("/proc/sys/net/core/somaxconn", F_OK) ||
	    !access("/proc/sys/net/core/dev_weight", F_OK))
		return true;
	message("the kernel sends audit records to the host's network namespace only, and this is "
		"another: try `nsenter -t 1 -n contidctl ...` on the host");
	return false;
}

/* What other records there are would only fill the buffer. */
static bool hear_our_type_only(int fd)
{
	struct sock_filter code[] = {
		/* loaded as if it had come over a network */
		BPF_STMT(BPF_LD | BPF_H | BPF_ABS, offsetof(struct nlmsghdr, nlmsg_type)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, htons(AUDIT_KERNEL_OTHER), 0, 1),
		BPF_STMT(BPF_RET | BPF_K, 0xffffffff),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	const struct sock_fprog program = { sizeof(code) / sizeof(*code), code };

	return !setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program));
}

static void warn_of_silence(void)
{
	int fd = audit_open();

	if (fd >= 0 && !audit_is_enabled(fd))
		message("warning: audit is switched off, there are no records: `auditctl -e 1` "
			"switches it on");
	if (fd >= 0)
		audit_close(fd);
	if (access("/sys/module/audit_contid", F_OK))
		message("the module is not loaded now");
}

/**
 * listener_open - begin to listen
 * @which: what
 *
 * Return: a socket to poll; -1 if that cannot be, a message says why.
 */
int listener_open(enum listener_records which)
{
	const struct sockaddr_nl address = { .nl_family = AF_NETLINK };
	int group = AUDIT_NLGRP_READLOG, size = which == LISTEN_ALL ? BUFFER_ALL : BUFFER, fd;

	if (!check_namespace())
		return -1;
	fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_AUDIT);
	if (fd < 0) {
		message("%s (%s)",
			errno == EPROTONOSUPPORT ? "this kernel has no audit" :
						   "audit cannot be listened to",
			strerror(errno));
		return -1;
	}
	/* the second only up to net.core.rmem_max, but without CAP_NET_ADMIN */
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)))
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	if ((which == LISTEN_MODULE && !hear_our_type_only(fd)) ||
	    bind(fd, (const struct sockaddr *)&address, sizeof(address)) ||
	    setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, sizeof(group))) {
		if (errno == EPERM)
			message("to listen needs CAP_AUDIT_READ in the initial user namespace, "
				"which root of the host has and root of a user namespace has not (%s)",
				strerror(errno));
		else
			message("audit cannot be listened to (%s)", strerror(errno));
		close(fd);
		return -1;
	}
	warn_of_silence();
	return fd;
}

/* auditd writes a type so, too, of which libaudit has no name. */
static int write_head(int type, char line[HEAD])
{
	const char *name = audit_msg_type_to_name(type);

	if (name)
		return snprintf(line, HEAD, "type=%s msg=", name);
	return snprintf(line, HEAD, "type=UNKNOWN[%d] msg=", type);
}

/**
 * listener_read - the next record
 * @fd: of listener_open()
 * @line: out: as auditd would write it
 * @len: out: its length
 *
 * Return: HEARD_NOTHING if there is none yet, HEARD_LOSS if the kernel had
 * more than there was room for.
 */
enum heard listener_read(int fd, char line[LISTENER_LINE], size_t *len)
{
	union {
		struct nlmsghdr header;
		char bytes[LISTENER_LINE - HEAD];
	} in;
	struct sockaddr_nl from = {};
	socklen_t from_len = sizeof(from);
	ssize_t got = recvfrom(fd, &in, sizeof(in), 0, (struct sockaddr *)&from, &from_len);
	char *newline;
	int head;

	if (got < 0 && errno == ENOBUFS)
		return HEARD_LOSS;
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return HEARD_NOTHING;
	if (got < 0)
		return HEARD_ERROR;
	/* others than the kernel may send too */
	if (got <= NLMSG_HDRLEN || from.nl_pid || in.header.nlmsg_type < AUDIT_USER)
		return HEARD_NOTHING;
	head = write_head(in.header.nlmsg_type, line);
	got = strnlen(in.bytes + NLMSG_HDRLEN, got - NLMSG_HDRLEN);
	memcpy(line + head, in.bytes + NLMSG_HDRLEN, got);
	*len = head + got;
	while ((newline = memchr(line, '\n', *len)))
		*newline = ' ';
	return HEARD_RECORD;
}
