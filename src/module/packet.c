// SPDX-License-Identifier: GPL-2.0
/*
 * The containers that live in the network namespace of a packet: netcontid=, in a record of
 * type NETFILTER_PKT.
 *
 * The hook of a record's end has the record alone. So those of the functions that make such
 * records (late.c attaches them) leave a note of the packet's namespace, and the
 * end of the record takes it. Both are in one call of such a function, and so in one
 * context, with no other such record between them:
 *
 *   softirq	of one CPU: no other softirq runs there until it is over, and it does not
 *		move to another CPU. A note for each CPU.
 *   a task	may be interrupted by a softirq, and on some kernels by another task, and may
 *		move to another CPU. A note by the task, in a small table.
 *
 * Netfilter does not run in hard interrupts.
 *
 * A note that no record followed (a rule excludes it, audit has no room for it) stays until
 * the next packet in the same context, whose own note is put in its place: each function
 * that makes such records has its hook, and a hook that is passed over for another one's
 * handler is passed over together with that of the record's end. If not each has one
 * (late_is_blind()), no note is believed. So what is in doubt is "?", and never another
 * namespace's containers.
 *
 * The namespace lives while a packet is in there: its address and its number are read then,
 * and only compared later.
 */
#include <linux/hash.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/skbuff.h>
#include <linux/spinlock.h>
#include <net/net_namespace.h>

#include "compat.h"
#include "container.h"
#include "field.h"
#include "home.h"
#include "late.h"
#include "packet.h"
#include "resident.h"

#define FIELD	  " netcontid="
#define NOTE_BITS 7
/* room for RESIDENTS_MAX containers that are not nested */
#define TEXT_MAX (RESIDENTS_MAX * 37 + 8)

/**
 * struct whose - a packet's network namespace
 * @net: its address, for comparison only; NULL if it is not known
 * @id: contid_net_id() of it
 */
struct whose {
	const struct net *net;
	u64 id;
};

/**
 * struct note - that of the packet that a task is at work on
 * @lock: taken in tasks alone; nothing is taken inside
 * @task: the task, to compare with only
 * @whose: the namespace
 *
 * Two tasks may have the same: then the later one's is here.
 */
static struct note {
	raw_spinlock_t lock;
	const struct task_struct *task;
	struct whose whose;
} ____cacheline_aligned_in_smp notes[1 << NOTE_BITS];

/* that of the packet that a softirq is at work on */
static DEFINE_PER_CPU(struct whose, softirq_note);

/** packet_init - before the hooks */
void packet_init(void)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(notes); i++)
		raw_spin_lock_init(&notes[i].lock);
}

/* Leave another note. Return: the one that this context had left before. */
static struct whose note_change(struct whose whose)
{
	struct whose old = {};
	unsigned long flags;
	struct note *note;

	if (hardirq_count() || in_nmi())
		return old;
	if (in_serving_softirq()) {
		old = *this_cpu_ptr(&softirq_note);
		*this_cpu_ptr(&softirq_note) = whose;
		return old;
	}
	note = &notes[hash_ptr(current, NOTE_BITS)];
	/*
	 * A task may hold locks of sockets here that a softirq waits for: so none may run
	 * while another task waits for this one.
	 */
	raw_spin_lock_irqsave(&note->lock, flags);
	if (note->task == current)
		old = note->whose;
	if (whose.net || note->task == current) {
		note->task = current;
		note->whose = whose;
	}
	raw_spin_unlock_irqrestore(&note->lock, flags);
	return old;
}

/**
 * packet_seen - a packet comes to where a record of it may be made
 * @net: its network namespace
 *
 * Context: the handlers of functions that make such records.
 */
void packet_seen(const struct net *net)
{
	note_change((struct whose){ .net = net, .id = contid_net_id(net) });
}

/* "ID,^ID,ID", then ",?" if others live there, too */
static unsigned int residents_print(const struct residents *all, char *text)
{
	unsigned int len = 0, i;
	bool more = all->more;

	for (i = 0; i < all->n; i++) {
		const struct container *c = all->c[i];

		/* a lone one fits, however deep it is nested */
		if (len + 1 + c->label_len + strlen(",?") > TEXT_MAX) {
			more = true;
			continue;
		}
		if (len)
			text[len++] = ',';
		memcpy(text + len, c->label, c->label_len);
		len += c->label_len;
	}
	if (more) {
		if (len)
			text[len++] = ',';
		text[len++] = '?';
	}
	return len;
}

/**
 * packet_name - a record of a packet is complete: name the containers that the packet
 * has come to
 * @skb: the record
 *
 * As long as no container has a network namespace but the host's, the record stays as it is.
 *
 * Context: the handler of a record's end.
 * Return: what became of the field; FIELD_PLACED also if there is none.
 */
enum field_fate packet_name(struct sk_buff *skb)
{
	enum field_fate fate = FIELD_PLACED;
	struct whose whose = note_change((struct whose){});
	bool is_known = whose.net && !late_is_blind();
	struct residents all = {};
	char text[TEXT_MAX];
	unsigned int len;

	BUILD_BUG_ON(sizeof(text) < CONTID_LABEL_MAX + 3);
	if (!READ_ONCE(home_net_tenants) || (is_known && whose.net == &init_net))
		return fate;
	rcu_read_lock();
	if (is_known)
		resident_of_net(whose.net, whose.id, &all);
	else
		all.more = true;
	len = residents_print(&all, text);
	if (len) {
		field_clean(skb);
		fate = field_append(skb, FIELD, text, len);
	}
	rcu_read_unlock();
	return fate;
}
