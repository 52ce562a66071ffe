// SPDX-License-Identifier: GPL-2.0
/*
 * The live containers.
 *
 * containers_lock guards the two lists, every step of @live from and to zero, and
 * whether a process is let in; it nests inside a process's lock. Fork and exit take it only when
 * a container ends.
 */
#include <linux/jhash.h>
#include <linux/module.h>
#include <linux/overflow.h>
#include <linux/percpu.h>
#include <linux/rculist.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>

#include "container.h"

#define CONTAINER_BITS 10
#define WALK_CHUNK     1024

static struct hlist_head containers[1 << CONTAINER_BITS];
static LIST_HEAD(containers_by_age);
/* guards all of these, and each step of ->live from and to 0; inside of a process's */
static DEFINE_RAW_SPINLOCK(containers_lock);
static unsigned int nr_containers;
static u64 last_serial;
static u64 changes;

/* No process comes to carry anything: see release.c. Set under the lock, cleared without. */
bool containers_closed;

/* So many live and have a limit of records. While there is none, no record asks further. */
atomic_t containers_rated = ATOMIC_INIT(0);

static void container_free_rcu(struct rcu_head *rcu)
{
	struct container *c = container_of(rcu, struct container, rcu);

	free_percpu(c->counts);
	kfree(c);
}

/**
 * container_get - take a reference
 * @c: a container to which a reference is held
 */
void container_get(struct container *c)
{
	refcount_inc(&c->refs);
}

/**
 * container_tryget - take a reference, unless the last one has gone
 * @c: a container that RCU keeps
 */
bool container_tryget(struct container *c)
{
	return refcount_inc_not_zero(&c->refs);
}

/**
 * container_put - give back a reference, and the parent's with the last
 * @c: the container
 */
void container_put(struct container *c)
{
	while (c && refcount_dec_and_test(&c->refs)) {
		struct container *parent = c->parent;

		call_rcu(&c->rcu, container_free_rcu);
		c = parent;
	}
}

/**
 * container_alloc - a container that nobody can find yet
 * @id: its identifier
 * @name: its label for people
 * @name_len: bytes of that, 0 if it has none
 *
 * Context: may sleep.
 * Return: the container with one reference, or NULL.
 */
struct container *container_alloc(const struct audit_contid *id, const char *name,
				  unsigned int name_len)
{
	struct container *c = kzalloc(struct_size(c, name, name_len), GFP_KERNEL);

	if (!c)
		return NULL;
	c->counts = alloc_percpu(struct container_counts);
	if (!c->counts) {
		kfree(c);
		return NULL;
	}
	c->id = *id;
	c->name_len = name_len;
	memcpy(c->name, name, name_len);
	refcount_set(&c->refs, 1);
	return c;
}

/**
 * container_encloses - does one container enclose another, or equal it?
 * @outer: NULL for the host, which encloses everything
 * @inner: NULL for the host
 */
bool container_encloses(const struct container *outer, const struct container *inner)
{
	if (!outer)
		return true;
	for (; inner; inner = inner->parent) {
		if (inner == outer)
			return true;
	}
	return false;
}

static struct hlist_head *container_bucket(const struct audit_contid *id)
{
	return &containers[jhash(id, sizeof(*id), 0) >> (32 - CONTAINER_BITS)];
}

static struct container *container_lookup(const struct audit_contid *id)
{
	struct container *c;

	hlist_for_each_entry(c, container_bucket(id), by_id) {
		if (!memcmp(&c->id, id, sizeof(*id)))
			return c;
	}
	return NULL;
}

/* Under the lock: what has ended does not count, however long somebody refers to it. */
static void container_count_rated(struct container *c)
{
	bool rated = atomic_read(&c->live) && READ_ONCE(c->rate.per_second);

	if (rated != c->rated)
		atomic_add(rated ? 1 : -1, &containers_rated);
	c->rated = rated;
}

/**
 * container_rate_changed - a container has a limit of records now, or none any more
 * @c: the container, published or not, dead or alive
 */
void container_rate_changed(struct container *c)
{
	raw_spin_lock(&containers_lock);
	container_count_rated(c);
	raw_spin_unlock(&containers_lock);
}

/**
 * container_publish - let a container live, with one process
 * @c: from container_alloc(), or NULL if there was no memory
 * @id: its identifier
 * @parent: what the process carried until now, or NULL
 * @first_pid: its first process, in the initial PID namespace
 *
 * Context: under the lock of the first process, which carries @parent and lives:
 * so @parent lives too.
 * Return: 0, -ENOTUNIQ, -EMLINK, -ENOSPC or, last of all, -ENOMEM.
 */
int container_publish(struct container *c, const struct audit_contid *id, struct container *parent,
		      pid_t first_pid)
{
	u32 depth = parent ? parent->depth + 1 : 1;
	int err = 0;

	raw_spin_lock(&containers_lock);
	if (container_lookup(id)) {
		err = -ENOTUNIQ;
	} else if (depth > max_depth) {
		err = -EMLINK;
	} else if (nr_containers >= max_containers) {
		err = -ENOSPC;
	} else if (!c) {
		err = -ENOMEM;
	} else {
		c->depth = depth;
		c->parent = parent;
		c->label_len = scnprintf(c->label, sizeof(c->label), "%pUb%s%s", &c->id,
					 parent ? ",^" : "", parent ? parent->label : "");
		if (parent) {
			container_get(parent);
			atomic_inc(&parent->live);
			atomic_inc(&parent->besides);
		}
		atomic_set(&c->live, 1);
		container_count_rated(c);
		c->serial = ++last_serial;
		c->created_ns = ktime_get_boottime_ns();
		c->first_pid = first_pid;
		hlist_add_head(&c->by_id, container_bucket(&c->id));
		list_add_tail_rcu(&c->by_age, &containers_by_age);
		WRITE_ONCE(nr_containers, nr_containers + 1);
		changes++;
		__module_get(THIS_MODULE);
	}
	raw_spin_unlock(&containers_lock);
	return err;
}

/**
 * container_find_get - find a live container
 * @id: its identifier
 *
 * Return: the container with a reference, or NULL.
 */
struct container *container_find_get(const struct audit_contid *id)
{
	struct container *c;

	raw_spin_lock(&containers_lock);
	c = container_lookup(id);
	if (c)
		container_get(c);
	raw_spin_unlock(&containers_lock);
	return c;
}

/**
 * container_enter - one more process in a container that may be ending
 * @c: the container
 *
 * Context: handlers and process context.
 * Return: false if its last process has just gone, or all are being released.
 */
bool container_enter(struct container *c)
{
	bool entered;

	raw_spin_lock(&containers_lock);
	entered = !READ_ONCE(containers_closed) && atomic_inc_not_zero(&c->live);
	if (entered)
		changes++;
	raw_spin_unlock(&containers_lock);
	return entered;
}

/**
 * container_unlive - one thing less that a container lives for, perhaps the last one
 * @c: the container; the ends of those that enclose it may follow
 *
 * Context: handlers and process context.
 * Return: how many have ended.
 */
unsigned int container_unlive(struct container *c)
{
	unsigned int ended = 0;

	for (; c && !container_unlive_some(c); c = c->parent) {
		bool last;

		raw_spin_lock(&containers_lock);
		last = atomic_dec_and_test(&c->live);
		if (last) {
			hlist_del(&c->by_id);
			list_del_rcu(&c->by_age);
			WRITE_ONCE(nr_containers, nr_containers - 1);
			container_count_rated(c);
		}
		raw_spin_unlock(&containers_lock);
		if (!last)
			break;
		ended++;
		if (c->parent)
			atomic_dec(&c->parent->besides);
	}
	return ended;
}

/**
 * container_pin - keep a live container alive, without a process
 * @c: the container, in which a process lives that cannot die meanwhile
 */
void container_pin(struct container *c)
{
	container_get(c);
	atomic_inc(&c->live);
	atomic_inc(&c->besides);
}

/**
 * containers_changes - grows whenever a process comes to a container or goes back
 *
 * Inheriting aside, and the end of processes. If a caller reads it and then finds that
 * a process carries nothing, the number will have grown once the process carries
 * something: it grows before the label is there, and once more when it is.
 */
u64 containers_changes(void)
{
	u64 now;

	raw_spin_lock(&containers_lock);
	now = changes;
	raw_spin_unlock(&containers_lock);
	return now;
}

/** containers_changed - a process has come to a container, or has gone back */
void containers_changed(void)
{
	raw_spin_lock(&containers_lock);
	changes++;
	raw_spin_unlock(&containers_lock);
}

/**
 * containers_close - pin all containers, and let nobody in any more
 * @seen: what containers_changes() was when the caller began to look
 * @all: out: they, outer ones before those nested in them
 *
 * To be undone by container_end_released() for each and then containers_open().
 *
 * Context: no registration is going on.
 * Return: 0, or -EAGAIN if something has changed: then nothing was done.
 */
int containers_close(u64 seen, struct list_head *all)
{
	struct container *c;
	int err = 0;

	raw_spin_lock(&containers_lock);
	if (seen != changes) {
		err = -EAGAIN;
	} else {
		WRITE_ONCE(containers_closed, true);
		/* what is in the list lives, until the lock is given up */
		list_for_each_entry(c, &containers_by_age, by_age) {
			container_pin(c);
			list_add_tail(&c->releasing, all);
		}
	}
	raw_spin_unlock(&containers_lock);
	return err;
}

/** containers_open - undo containers_close() */
void containers_open(void)
{
	WRITE_ONCE(containers_closed, false);
}

/**
 * container_end_released - end a container that containers_close() has pinned
 * @c: one in which nobody lives, and no container; its reference stays
 */
void container_end_released(struct container *c)
{
	WARN_ON_ONCE(container_unlive(c) != 1);
	module_put(THIS_MODULE);
}

/**
 * container_sum - add up the counters of all CPUs
 * @c: the container
 * @sum: the result
 */
void container_sum(struct container *c, struct container_counts *sum)
{
	int cpu;

	memset(sum, 0, sizeof(*sum));
	for_each_possible_cpu(cpu)
		sum->dropped += READ_ONCE(per_cpu_ptr(c->counts, cpu)->dropped);
	/* what was dropped by then has ended by now; pairs with the one in tag_lost() */
	smp_rmb();
	for_each_possible_cpu(cpu) {
		struct container_counts *counts = per_cpu_ptr(c->counts, cpu);

		sum->ended += READ_ONCE(counts->ended);
		sum->unbegun += READ_ONCE(counts->unbegun);
		sum->unplaced += READ_ONCE(counts->unplaced);
		sum->cut += READ_ONCE(counts->cut);
	}
}

/**
 * container_walk - show containers to a function, from older to younger
 * @after: only those with a larger serial
 * @fn: called under RCU; false ends the walk
 * @data: for it
 *
 * Context: may sleep; pauses now and then.
 * Return: the serial of the last one that @fn was shown and took, or @after.
 */
u64 container_walk(u64 after, bool (*fn)(struct container *c, void *data), void *data)
{
	struct container *c;
	unsigned int looked;
	bool more = true;

	while (more) {
		looked = 0;
		more = false;
		rcu_read_lock();
		list_for_each_entry_rcu(c, &containers_by_age, by_age) {
			if (c->serial <= after)
				continue;
			if (!fn(c, data))
				break;
			after = c->serial;
			if (++looked == WALK_CHUNK) {
				more = true;
				break;
			}
		}
		rcu_read_unlock();
		cond_resched();
	}
	return after;
}

/** containers_live - how many live */
unsigned int containers_live(void)
{
	return READ_ONCE(nr_containers);
}

/** containers_processes - how many live processes carry a contid */
unsigned long containers_processes(void)
{
	struct container *c;
	unsigned long sum = 0;

	rcu_read_lock();
	list_for_each_entry_rcu(c, &containers_by_age, by_age)
		sum += container_processes(c);
	rcu_read_unlock();
	return sum;
}

/** containers_name_bytes - how much memory the live containers' labels take */
unsigned long containers_name_bytes(void)
{
	struct container *c;
	unsigned long sum = 0;

	rcu_read_lock();
	list_for_each_entry_rcu(c, &containers_by_age, by_age)
		sum += c->name_len;
	rcu_read_unlock();
	return sum;
}
