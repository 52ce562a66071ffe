/* SPDX-License-Identifier: GPL-2.0 */
/* The registry: processes, what they carry, and no more. */
#ifndef CONTID_REGISTRY_H
#define CONTID_REGISTRY_H

#include <linux/bits.h>
#include <linux/cache.h>
#include <linux/hash.h>
#include <linux/pid.h>
#include <linux/rculist.h>
#include <linux/spinlock.h>

#include "container.h"
#include "widen.h"

struct home;

#define PROCESS_REGISTERED BIT(0) /* named by an orchestrator, not inherited */
#define PROCESS_DEAD	   BIT(1) /* its last thread is gone, it waits to be reaped */
#define PROCESS_ADOPTED	   BIT(2) /* it entered, or was born in, a container's namespace */
#define PROCESS_JUDGED	   BIT(3) /* a registration of it is being judged */
#define PROCESS_FORKED	   BIT(4) /* it has forked since */
#define PROCESS_GUEST	   BIT(5) /* a host process; a thread of it has entered a container */
#define PROCESS_NOTED	   BIT(6) /* process 1 of a PID namespace; looked at by unlabelled.c */

/**
 * struct process - what a process carries
 * @pid: its thread group's, with a reference: a number that is used again
 *	belongs to another struct pid and can never find this entry
 * @container: a reference; NULL for a guest, for process 1 of a PID namespace that is on
 *	record as unlabelled, and while a registration is being judged
 *	or a tree walked over, then set once: another label means another entry
 * @flags: PROCESS_*, read and changed under the process's lock
 * @walk: the last tree that took it, 0 for none; changed under the lock, but read
 *	without it
 * @home: that of the mount namespace it is in, or NULL; given back before the
 *	process leaves that; changed under the lock, but read without it
 * @origin: for one that was adopted by setns, and for a guest: the mount namespace it
 *	came from
 * @exec_id: for one that was adopted by setns: the program that it was then
 * @retired: for one that is removed and may still be read: the list it is in
 */
struct process {
	struct hlist_node node;
	struct pid *pid;
	struct container *container;
	u32 flags;
	u32 walk;
	struct home *home;
	union {
		struct rcu_head rcu;
		struct {
			const void *origin;
			u64 exec_id;
		};
		struct {
			struct process *younger;
			unsigned long grace;
		} retired;
	};
};

#define PROCESS_BITS	  15
#define PROCESS_LOCK_BITS 8

/* Each in a cache line of its own: those of two processes do not slow each other. */
struct process_lock {
	raw_spinlock_t lock;
} ____cacheline_aligned_in_smp;

extern struct process_lock process_locks[];

extern struct hlist_head *process_table;

static inline u32 process_hash(const struct pid *tgid)
{
	return hash_ptr(tgid, PROCESS_BITS);
}

static inline struct hlist_head *process_bucket(const struct pid *tgid)
{
	return &process_table[process_hash(tgid)];
}

/* The lock of a process: that of its bucket, and of some others. */
static inline raw_spinlock_t *process_lock_of(const struct pid *tgid)
{
	return &process_locks[process_hash(tgid) & ((1 << PROCESS_LOCK_BITS) - 1)].lock;
}

/**
 * process_find - what is known of a process
 * @tgid: the process
 *
 * Inline: most processes that fork, exit and are audited carry nothing, and an
 * empty bucket says so in a few instructions.
 *
 * Context: under rcu_read_lock() (preemption off will do) or the process's lock.
 * Return: the entry, whose container may still be NULL, or NULL.
 */
static inline struct process *process_find(const struct pid *tgid)
{
	struct process *process;

	hlist_for_each_entry_rcu(process, process_bucket(tgid), node, true) {
		if (process->pid == tgid)
			return process;
	}
	return NULL;
}

/**
 * process_lock - take the lock of a process, and find its entry
 * @tgid: the process
 *
 * Context: handlers and process context, never an interrupt: so those stay on. The locks
 * of two processes are never held at a time.
 * Return: the entry, whose container may be NULL, or NULL.
 */
static inline struct process *process_lock(const struct pid *tgid) __acquires(process_lock_of(tgid))
{
	raw_spin_lock(process_lock_of(tgid));
	return process_find(tgid);
}

/**
 * process_unlock - undo process_lock()
 * @tgid: the process
 */
static inline void process_unlock(const struct pid *tgid) __releases(process_lock_of(tgid))
{
	raw_spin_unlock(process_lock_of(tgid));
	widen_window();
}

/**
 * process_is_empty - does an entry say nothing, so that it can go?
 * @process: the entry
 *
 * Context: under the process's lock.
 */
static inline bool process_is_empty(const struct process *process)
{
	return !process->container &&
	       !(process->flags & (PROCESS_JUDGED | PROCESS_GUEST | PROCESS_NOTED));
}

/**
 * process_insert - make an entry visible
 * @process: from process_alloc()
 * @tgid: the process
 * @c: its container, whose reference passes to the entry, or NULL
 * @flags: PROCESS_*
 *
 * Context: under the process's lock, with no entry there yet.
 */
static inline void process_insert(struct process *process, struct pid *tgid, struct container *c,
				  u32 flags)
{
	lockdep_assert_held(process_lock_of(tgid));
	process->pid = get_pid(tgid);
	process->container = c;
	process->flags = flags;
	hlist_add_head_rcu(&process->node, process_bucket(tgid));
}

int registry_init(void);
void registry_exit(void);

struct process *process_alloc(gfp_t gfp);
void process_free(struct process *process);
void process_replace(struct process *old, struct process *process, struct pid *tgid,
		     struct container *c, u32 flags);
void process_remove(struct process *process);
void process_retire(struct process *process);
void process_remove_empty(void);
void process_for_each(void (*fn)(struct process *process));

struct container *container_of_process(struct pid *tgid);
size_t registry_bytes_fixed(void);

#endif
