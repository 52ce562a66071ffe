// SPDX-License-Identifier: GPL-2.0
/*
 * Which containers a record names: that of its subject, contid=, that of the object of a
 * signal, ocontid=, and those that a packet has come to, netcontid=; and how many records
 * each container gets and loses.
 *
 * A record shares nothing with other CPUs: it is looked up under RCU, and counted
 * per CPU. Only OBJ_PID takes a lock, that of its object, and a packet that a
 * task sends, that of a note.
 */
#include <linux/audit.h>
#include <linux/bits.h>
#include <linux/cache.h>
#include <linux/init.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/skbuff.h>
#include <linux/timekeeping.h>
#include <net/netlink.h>

#include "field.h"
#include "object.h"
#include "packet.h"
#include "record_place.h"
#include "registry.h"
#include "tag.h"

#define OPID "opid="

u64 tag_wanted_calls __ro_after_init;
u64 tag_wanted_inside_calls __ro_after_init;

/* Of all containers, and of records of the host with an object in one. */
static DEFINE_PER_CPU(u64, unplaced);
static DEFINE_PER_CPU(u64, cut);

/**
 * tag_init - work out once what is asked for each record there is
 *
 * Context: before the hooks.
 */
void __init tag_init(void)
{
	unsigned int nr;

	for (nr = 0; nr < 64; nr++) {
		unsigned int type = AUDIT_SYSCALL + nr;

		if (type == AUDIT_OBJ_PID || type == AUDIT_NETFILTER_PKT ||
		    (record_place(type) == RECORD_LAST && type != AUDIT_SYSCALL &&
		     type != AUDIT_URINGOP))
			tag_wanted_calls |= BIT_ULL(nr);
		if (record_place(type) != RECORD_NOWHERE)
			tag_wanted_inside_calls |= BIT_ULL(nr);
	}
	tag_wanted_inside_calls |= tag_wanted_calls;
}

/*
 * The time of the event on the clock of births: the begin of the millisecond that
 * is printed. (It is that of the clock tick before the syscall: never too late.)
 */
static bool event_time(const char *text, u64 *when)
{
	unsigned long long seconds;
	unsigned int ms;

	if (sscanf(text, "audit(%llu.%3u:", &seconds, &ms) != 2)
		return false;
	*when = seconds * NSEC_PER_SEC + ms * NSEC_PER_MSEC -
		ktime_to_ns(ktime_sub(ktime_mono_to_any(0, TK_OFFS_REAL),
				      ktime_mono_to_any(0, TK_OFFS_BOOT)));
	return true;
}

/*
 * Add ocontid= to a record of type OBJ_PID, if its object is in a container. Its first
 * field is opid, which the kernel wrote.
 */
static enum field_fate tag_object(struct sk_buff *skb)
{
	const char *text = nlmsg_data(nlmsg_hdr(skb));
	size_t len = skb_tail_pointer(skb) - (unsigned char *)text;
	struct container *c = NULL;
	char head[96];
	enum field_fate fate = FIELD_PLACED;
	char *opid;
	u64 when;
	int nr;

	/* no kernel writes one in an interrupt, which would wait for its object's lock */
	if (!in_task())
		return field_append(skb, " ocontid=", "?", 1);
	memcpy(head, text, min(len, sizeof(head) - 1));
	head[min(len, sizeof(head) - 1)] = 0;
	opid = strstr(head, "): " OPID);
	if (!opid || sscanf(opid + 3 + strlen(OPID), "%d", &nr) != 1 || !event_time(head, &when))
		return field_append(skb, " ocontid=", "?", 1);
	switch (object_of(nr, when, &c)) {
	case OBJECT_HOST:
		break;
	case OBJECT_CONTAINED:
		fate = field_append(skb, " ocontid=", c->label, c->label_len);
		container_put(c);
		break;
	case OBJECT_UNKNOWN:
		fate = field_append(skb, " ocontid=", "?", 1);
		break;
	}
	return fate;
}

/**
 * tag_record - a record is complete: name the containers that it has to do with
 * @skb: the record
 * @c: container_of_subject()
 * @type: the record's: one that tag_wanted(), or tag_wanted_inside() if there is a subject
 *
 * Context: the handler of a record's end.
 */
void tag_record(struct sk_buff *skb, struct container *c, u16 type)
{
	enum record_place place = likely(type == AUDIT_SYSCALL) ? RECORD_LAST : record_place(type);
	enum field_fate fate = FIELD_PLACED;

	if (type == AUDIT_NETFILTER_PKT) {
		fate = packet_name(skb);
		/* a bystander, also if a process of its sends the packet */
		c = NULL;
	} else if (place != RECORD_FIRST) {
		field_clean(skb);
	}
	if (type == AUDIT_OBJ_PID)
		fate = tag_object(skb);
	else if (c)
		fate = field_put(skb, place, c->label, c->label_len);
	else if (type == AUDIT_KERNEL_OTHER)
		/* a process that has left its container may be the subject of its end */
		fate = field_fit(skb);
	if (likely(fate == FIELD_PLACED))
		return;
	if (fate == FIELD_CUT)
		this_cpu_inc(cut);
	else
		this_cpu_inc(unplaced);
	if (c && fate == FIELD_CUT)
		this_cpu_inc(c->counts->cut);
	else if (c)
		this_cpu_inc(c->counts->unplaced);
}

/*
 * What audit says of a record that goes on without some of its text, or of none at all:
 * "out of memory in" whatever it was, but for the function that begins one.
 */
static bool lost_no_record(const char *message)
{
	static const char memory[] = "out of memory in ";

	return !strncmp(message, memory, strlen(memory)) &&
	       strcmp(message + strlen(memory), "audit_log_start");
}

/* What audit says if it drops a record that has ended; all else was never begun. */
static bool lost_at_end(const char *message)
{
	return !strncmp(message, "rate limit", strlen("rate limit"));
}

/**
 * tag_lost - a record is dropped
 * @c: container_of_subject()
 * @message: what audit says of it
 *
 * Context: the handler of audit_log_lost(). The task is the one that wanted the record:
 * audit_log_start() calls it for one that does not begin, and audit_log_end() for one
 * that tag_record() has counted just now.
 */
void tag_lost(struct container *c, const char *message)
{
	if (lost_at_end(message)) {
		/* after its end was counted; pairs with the one in container_sum() */
		smp_wmb();
		this_cpu_inc(c->counts->dropped);
	} else if (!lost_no_record(message)) {
		this_cpu_inc(c->counts->unbegun);
	}
}

/**
 * tag_stats - sum up what all records came to
 * @no_field: out: those that do not have the field that they should have
 * @shortened: out: those that have it, and lost some of their own text for it
 */
void tag_stats(u64 *no_field, u64 *shortened)
{
	int cpu;

	*no_field = 0;
	*shortened = 0;
	for_each_possible_cpu(cpu) {
		*no_field += READ_ONCE(per_cpu(unplaced, cpu));
		*shortened += READ_ONCE(per_cpu(cut, cpu));
	}
}
