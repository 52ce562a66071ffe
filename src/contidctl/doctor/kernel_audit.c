// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include "kernel_audit.h"

#define PATIENCE 5000 /* milliseconds; the kernel answers at once */

/* Hands out the next answer. Return: 0, or an errno. */
static int next_reply(int fd, struct audit_reply *reply)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
	int got;

	do {
		if (poll(&poll_fd, 1, PATIENCE) == 0)
			return ETIMEDOUT;
		got = audit_get_reply(fd, reply, GET_REPLY_NONBLOCKING, 0);
	} while (got == 0 || got == -EAGAIN || got == -EINTR);
	if (got < 0)
		return -got;
	return reply->type == NLMSG_ERROR ? -reply->error->error : 0;
}

/*
 * Asks, and hands out what comes until @take has enough or the kernel has said that this
 * is all.
 */
static int ask(int (*request)(int fd), bool (*take)(void *data, const struct audit_reply *reply),
	       void *data)
{
	int fd = audit_open();
	struct audit_reply reply;
	int sent, err = 0;

	if (fd < 0)
		return errno;
	sent = request(fd);
	if (sent < 0)
		err = -sent;
	while (!err) {
		err = next_reply(fd, &reply);
		if (err || reply.type == NLMSG_DONE)
			break;
		if (reply.type != NLMSG_ERROR && !take(data, &reply))
			break;
	}
	audit_close(fd);
	return err;
}

static bool take_status(void *data, const struct audit_reply *reply)
{
	struct audit_status *status = data;

	if (reply->type != AUDIT_GET)
		return true;
	*status = *reply->status;
	return false;
}

/**
 * kernel_audit_status - read the state of the kernel's audit
 * @status: out
 *
 * Return: 0, or an errno: EPERM for a caller without CAP_AUDIT_CONTROL.
 */
int kernel_audit_status(struct audit_status *status)
{
	return ask(audit_request_status, take_status, status);
}

static bool type_matches(__u32 op, __u32 value)
{
	__u32 type = AUDIT_KERNEL_OTHER;

	switch (op & AUDIT_OPERATORS) {
	case AUDIT_EQUAL:
		return type == value;
	case AUDIT_NOT_EQUAL:
		return type != value;
	case AUDIT_LESS_THAN:
		return type < value;
	case AUDIT_LESS_THAN_OR_EQUAL:
		return type <= value;
	case AUDIT_GREATER_THAN:
		return type > value;
	case AUDIT_GREATER_THAN_OR_EQUAL:
		return type >= value;
	default:
		return false;
	}
}

/* A rule excludes a record if all of its fields match. */
static void take_exclusion(struct rules *rules, const struct audit_rule_data *rule)
{
	bool some = false;

	for (__u32 i = 0; i < rule->field_count && i < AUDIT_MAX_FIELDS; i++) {
		if (rule->fields[i] != AUDIT_MSGTYPE)
			some = true;
		else if (!type_matches(rule->fieldflags[i], rule->values[i]))
			return;
	}
	*(some ? &rules->excludes_some : &rules->excludes) = true;
}

static bool take_rule(void *data, const struct audit_reply *reply)
{
	const struct audit_rule_data *rule = reply->ruledata;
	struct rules *rules = data;

	if (reply->type != AUDIT_LIST_RULES)
		return true;
	switch (rule->flags & ~AUDIT_FILTER_PREPEND) {
	case AUDIT_FILTER_EXCLUDE:
		take_exclusion(rules, rule);
		break;
	case AUDIT_FILTER_TASK:
		rules->no_tasks |= rule->action == AUDIT_NEVER && !rule->field_count;
		break;
	default:
		rules->recording += rule->action == AUDIT_ALWAYS;
	}
	return true;
}

/**
 * kernel_audit_rules - read the rules that are loaded
 * @rules: out
 *
 * Return: 0, or an errno as for kernel_audit_status().
 */
int kernel_audit_rules(struct rules *rules)
{
	*rules = (struct rules){};
	return ask(audit_request_rules_list_data, take_rule, rules);
}
