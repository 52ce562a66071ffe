// SPDX-License-Identifier: GPL-2.0
/*
 * The field contid= in the records of contained processes.
 *
 * A record shares nothing with other CPUs: it is looked up under RCU, and counted
 * per CPU. Only OBJ_PID takes a lock, that of a small set of graves.
 */
#include <linux/audit.h>
#include <linux/netlink.h>
#include <linux/percpu.h>
#include <linux/pid.h>
#include <linux/preempt.h>
#include <linux/ptrace.h>
#include <linux/sched/signal.h>
#include <linux/skbuff.h>
#include <linux/uuid.h>
#include <net/netlink.h>

#include "field.h"
#include "hooks.h"
#include "object.h"
#include "registry.h"

#define FIELD "contid="
/* "audit(<seconds>.<milliseconds>:<serial>): " is shorter than this */
#define STAMP_MAX 64
/* "audit(" and the first of these digits are longer */
#define STAMP_MIN 6
/*
 * What auditd takes: it drops a record that is longer than the first, and cuts
 * the end, with the field, off one that is longer than the second. No record
 * may get lost for what is added here.
 */
#define ROOM_FIRST 8970
#define ROOM_LAST  8900

static DEFINE_PER_CPU(u64, unplaced);

enum place { NOWHERE, FIRST, LAST };

/* Auxiliary records only accompany a primary one, which has the field. */
static enum place field_place(u16 type)
{
	switch (type) {
	case 1005:
	case 1100 ... 1199:
	case 2100 ... 2999:
		return FIRST;
	case 1302 ... 1304:
	case 1306 ... 1307:
	case 1309:
	case 1311 ... 1315:
	case 1317 ... 1318:
	case 1320 ... 1324:
	case 1327:
	case 1330 ... 1333:
	case 1337:
	case 1425 ... 1426:
		return NOWHERE;
	default:
		return LAST;
	}
}

/*
 * The container of the subject, where there is one; else NULL. Most processes have
 * no entry: the handlers look for that first, and do no more.
 */
static struct container *subject(const struct process *process)
{
	/* current is a bystander in an interrupt, and a worker in a kthread */
	if (!process || !in_task() || (current->flags & PF_KTHREAD))
		return NULL;
	return READ_ONCE(process->container);
}

/* Open a gap of @len bytes at @offset of the record; NULL where it can not grow. */
static char *record_open(struct sk_buff *skb, unsigned int offset, unsigned int len)
{
	char *at;

	if (skb_tailroom(skb) < len &&
	    (skb_shared(skb) || skb_cloned(skb) ||
	     pskb_expand_head(skb, 0, len - skb_tailroom(skb), GFP_ATOMIC)))
		return NULL;
	at = skb->data + offset;
	skb_put(skb, len);
	memmove(at + len, at, skb->len - len - offset);
	return at;
}

/**
 * field_append - make a field the last one of a record
 * @skb: the record
 * @name: with the equals sign
 * @value: its text
 * @len: the length of that
 *
 * Context: the handler of a record's end.
 * Return: false where the record can not grow.
 */
bool field_append(struct sk_buff *skb, const char *name, const char *value, unsigned int len)
{
	unsigned int name_len = strlen(name);
	char *at = record_open(skb, skb->len, 1 + name_len + len);

	if (!at)
		return false;
	*at = ' ';
	memcpy(at + 1, name, name_len);
	memcpy(at + 1 + name_len, value, len);
	return true;
}

/* Behind the stamp that a record begins with; NULL where there is none. */
static char *stamp_end(char *text, size_t room)
{
	char *at = room > STAMP_MIN ? memchr(text + STAMP_MIN, ')', room - STAMP_MIN) : NULL;

	if (!at || at + 2 >= text + room || at[1] != ':' || at[2] != ' ')
		return NULL;
	return at + 3;
}

/* Before all that the sender of a user message chose, right after the stamp. */
static bool field_prepend(struct sk_buff *skb, const char *label, unsigned int len)
{
	char *text = nlmsg_data(nlmsg_hdr(skb));
	unsigned int name_len = strlen(FIELD);
	char *at;

	at = stamp_end(text, min_t(size_t, STAMP_MAX, skb_tail_pointer(skb) - (u8 *)text));
	if (!at)
		return false;
	at = record_open(skb, at - (char *)skb->data, name_len + len + 1);
	if (!at)
		return false;
	memcpy(at, FIELD, name_len);
	memcpy(at + name_len, label, len);
	at[name_len + len] = ' ';
	return true;
}

/* The whole label; where that has no room, its first contid and ",^?" */
static bool field_put(struct sk_buff *skb, const struct container *c, u16 type)
{
	char cut[UUID_STRING_LEN + sizeof(",^?")];
	enum place place = field_place(type);
	const char *label = c->label;
	unsigned int len = c->label_len;
	unsigned int room = NLMSG_HDRLEN + (place == FIRST ? ROOM_FIRST : ROOM_LAST);

	if (place == NOWHERE)
		return true;
	room -= 1 + strlen(FIELD);
	if (skb->len + len > room && len > UUID_STRING_LEN) {
		len = scnprintf(cut, sizeof(cut), "%.*s,^?", UUID_STRING_LEN, label);
		label = cut;
	}
	if (skb->len + len > room)
		return false;
	if (place == FIRST)
		return field_prepend(skb, label, len);
	return field_append(skb, FIELD, label, len);
}

static noinline void record_asked(const struct process *process)
{
	struct container *c = subject(process);

	if (c)
		this_cpu_inc(c->counts->asked);
}

/**
 * hook_record_start - audit_log_start(): a record is asked for
 * @kprobe: counts
 * @regs: unused
 */
int hook_record_start(struct kprobe *kprobe, struct pt_regs *regs)
{
	const struct process *process;

	hook_count(kprobe);
	process = process_find(task_tgid(current));
	if (process)
		record_asked(process);
	return 0;
}

/* A container may have to do with the record. */
static noinline void record_put(struct sk_buff *skb, const struct process *process, u16 type)
{
	struct container *c = subject(process);
	bool placed = true;

	if (type == AUDIT_OBJ_PID)
		placed = object_put(skb);
	else if (c)
		placed = field_put(skb, c, type);
	if (c) {
		this_cpu_inc(c->counts->written);
		if (!placed)
			this_cpu_inc(c->counts->unplaced);
	}
	if (!placed)
		this_cpu_inc(unplaced);
}

/**
 * hook_record_end - audit_log_end(ab): a record is complete
 * @kprobe: counts
 * @regs: ab is the first argument; its first member is the skb
 */
int hook_record_end(struct kprobe *kprobe, struct pt_regs *regs)
{
	struct sk_buff **ab = (void *)regs_get_kernel_argument(regs, 0);
	const struct process *process;
	u16 type;

	hook_count(kprobe);
	if (!ab)
		return 0;
	type = nlmsg_hdr(*ab)->nlmsg_type;
	process = process_find(task_tgid(current));
	if (process || type == AUDIT_OBJ_PID)
		record_put(*ab, process, type);
	return 0;
}

/* What audit says where it drops a record that has ended; all else was never begun. */
static bool lost_at_end(const char *message)
{
	return !strncmp(message, "rate limit", strlen("rate limit"));
}

static noinline void record_lost(const struct process *process, const char *message)
{
	struct container *c = subject(process);

	if (c && lost_at_end(message))
		this_cpu_dec(c->counts->written);
}

/**
 * hook_record_lost - audit_log_lost(message): a record is dropped
 * @kprobe: counts
 * @regs: message is the first argument
 *
 * Called out of audit_log_end(), by the same task: hook_record_end() has counted the
 * record just now.
 */
int hook_record_lost(struct kprobe *kprobe, struct pt_regs *regs)
{
	const struct process *process;

	hook_count(kprobe);
	process = process_find(task_tgid(current));
	if (process)
		record_lost(process, (const char *)regs_get_kernel_argument(regs, 0));
	return 0;
}

/** field_unplaced - records, of all containers, that could not be grown */
u64 field_unplaced(void)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(per_cpu(unplaced, cpu));
	return sum;
}
