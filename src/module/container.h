/* SPDX-License-Identifier: GPL-2.0 */
/* The live containers. */
#ifndef CONTID_CONTAINER_H
#define CONTID_CONTAINER_H

#include <linux/list.h>
#include <linux/ratelimit_types.h>
#include <linux/refcount.h>
#include <linux/audit_contid.h>

#include "namespaces.h"
#include "owed.h"

/* Signals to auditd that are on record: see signalled.c */
#define CONTID_SIGNALS 4

#define CONTID_LABEL_MAX (AUDIT_CONTID_DEPTH_MAX * 38)

/**
 * struct container_counts - of its processes' records; they only grow
 * @ended: those that came to their end
 * @dropped: of these, those that were not handed on
 * @unbegun: those that did not begin: no room, or no memory
 * @unplaced: without the field that they should have
 * @cut: those that lost the end of their own text for it
 */
struct container_counts {
	u64 ended;
	u64 dropped;
	u64 unbegun;
	u64 unplaced;
	u64 cut;
};

/**
 * struct late_record - room for a record that a handler cannot write itself
 * @owed: writes it
 * @busy: 1 from the moment it is asked for until it is written
 * @pid: the object
 * @count: how often it was asked for
 */
struct late_record {
	struct owed owed;
	atomic_t busy;
	pid_t pid;
	atomic_t count;
};

/**
 * struct rate - how many records a container may cause in a second (rate.c)
 * @interval: nanoseconds for each; 0 if there is no limit
 * @credit: so far may @due be ahead of the clock before anybody waits: the burst
 * @due: when all records so far are paid for, nanoseconds of CLOCK_MONOTONIC
 * @epoch: grows with each change of the limit
 * @per_second: the limit as it was asked for, 0 if there is none
 * @burst: likewise, records that may come at once
 * @held: how often a thread of it had to wait
 * @held_ns: for how long, all together
 */
struct rate {
	u64 interval;
	u64 credit;
	atomic64_t due;
	u32 epoch;
	u32 per_second;
	u32 burst;
	atomic64_t held;
	atomic64_t held_ns;
};

/**
 * struct container - a live container, or one whose last readers are going
 * @id: its identifier
 * @parent: what encloses it (a reference), or NULL
 * @depth: 1 if there is no parent
 * @live: live processes that carry it, plus live containers nested in it, plus pins;
 *	changes from and to 0 only under containers_lock
 * @besides: how many of @live are no process; changes seldom
 * @refs: who each holds one stands in LOCKING
 * @serial: larger than that of each container that was registered before
 * @created_ns: when it was registered, nanoseconds of CLOCK_BOOTTIME
 * @first_pid: its first process, in the initial PID namespace
 * @ns: that one's namespaces then
 * @by_id: in the table of identifiers, while it lives
 * @by_age: in the list of all, likewise
 * @counts: per CPU
 * @rate: the limit of its records
 * @rated: it lives and has one; under containers_lock
 * @drop: its end is to be recorded
 * @drop_levels: so many containers, from this one outwards, ended with it
 * @last_pid: the process that brought that about
 * @releasing: in the list of those that are released together
 * @taken: processes that lost their label by that
 * @inherit: children that were killed for want of memory are to be recorded
 * @adopt: likewise, processes that have entered
 * @signals: limits of the records of signals to auditd, one for each signal
 * @rcu: it is freed after a grace period
 * @label_len: bytes of @label
 * @label: as it is printed, "B,^A"
 * @name: the label for people that its registration brought; nothing behind its end
 * @name_len: bytes of that, 0 if there is none
 */
struct container {
	struct audit_contid id;
	struct container *parent;
	u32 depth;
	atomic_t live;
	atomic_t besides;
	refcount_t refs;
	u64 serial;
	u64 created_ns;
	pid_t first_pid;
	struct namespaces ns;
	struct hlist_node by_id;
	struct list_head by_age;
	struct container_counts __percpu *counts;
	struct rate rate;
	bool rated;
	struct owed drop;
	unsigned int drop_levels;
	pid_t last_pid;
	struct list_head releasing;
	unsigned int taken;
	struct late_record inherit;
	struct late_record adopt;
	struct ratelimit_state signals[CONTID_SIGNALS];
	struct rcu_head rcu;
	unsigned int label_len;
	char label[CONTID_LABEL_MAX];
	unsigned int name_len;
	char name[];
};

/**
 * container_inherit - one more process, from one that lives in the container
 * @c: the container
 */
static inline void container_inherit(struct container *c)
{
	refcount_inc(&c->refs);
	atomic_inc(&c->live);
}

/**
 * container_processes - how many live processes carry a container's contid
 * @c: the container
 *
 * The two are not of one moment: while containers that are nested in it begin or end, or a
 * tree is registered, it may be a few more or less.
 */
static inline unsigned int container_processes(const struct container *c)
{
	return max(0, atomic_read(&c->live) - atomic_read(&c->besides));
}

/**
 * container_unlive_some - one thing less that a container lives for, if others are left
 * @c: the container
 *
 * Return: false if nothing was done, as it may be the last one: container_unlive() asks.
 */
static inline bool container_unlive_some(struct container *c)
{
	return atomic_add_unless(&c->live, -1, 1);
}

struct container *container_alloc(const struct audit_contid *id, const char *name,
				  unsigned int name_len);
void container_get(struct container *c);
bool container_tryget(struct container *c);
void container_put(struct container *c);
bool container_encloses(const struct container *outer, const struct container *inner);
int container_publish(struct container *c, const struct audit_contid *id, struct container *parent,
		      pid_t first_pid);
struct container *container_find_get(const struct audit_contid *id);
bool container_enter(struct container *c);
void container_pin(struct container *c);
unsigned int container_unlive(struct container *c);
void container_rate_changed(struct container *c);
void container_sum(struct container *c, struct container_counts *sum);
u64 container_walk(u64 after, bool (*fn)(struct container *c, void *data), void *data);
u64 containers_changes(void);
void containers_changed(void);
int containers_close(u64 changes, struct list_head *all);
void containers_open(void);
void container_end_released(struct container *c);
unsigned int containers_live(void);
unsigned long containers_processes(void);
unsigned long containers_name_bytes(void);

extern unsigned int max_depth;
extern unsigned int max_containers;
extern bool containers_closed;
extern atomic_t containers_rated;

#endif
