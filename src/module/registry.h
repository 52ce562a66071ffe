/* SPDX-License-Identifier: GPL-2.0 */
/* The registry: processes, what they carry, and no more. */
#ifndef CONTID_REGISTRY_H
#define CONTID_REGISTRY_H

#include <linux/bits.h>
#include <linux/cache.h>
#include <linux/hash.h>
#include <linux/pid.h>
#include <linux/preempt.h>
#include <linux/rculist.h>
#include <linux/sched/signal.h>
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
 * @next: for one that is in no table: the list it is in
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
		struct process *next;
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
extern u32 process_salt;

/* The struct pid of a task's process, under RCU; NULL once the task was reaped. */
static inline struct pid *process_tgid(const struct task_struct *task)
{
	return READ_ONCE(task->signal->pids[PIDTYPE_TGID]);
}

/* A process's number in the initial PID namespace */
static inline pid_t process_nr(const struct pid *tgid)
{
	return tgid->numbers[0].nr;
}

/*
 * By that number, which a process's tasks know, too. Users can make processes until they have
 * the numbers that they want: the salt hides which of these share a bucket.
 */
static inline u32 process_hash(pid_t nr)
{
	return hash_32(nr ^ process_salt, PROCESS_BITS);
}

/* Processes whose hash has the same index share a lock, and all that it guards. */
static inline u32 process_lock_index(u32 hash)
{
	return hash & ((1 << PROCESS_LOCK_BITS) - 1);
}

/* The lock of a process: that of its bucket, and of some others. */
static inline raw_spinlock_t *process_lock_of(u32 hash)
{
	return &process_locks[process_lock_index(hash)].lock;
}

/* process_find(), if its hash is known. */
static inline struct process *process_among(u32 hash, const struct pid *tgid)
{
	struct process *process;

	hlist_for_each_entry_rcu(process, &process_table[hash], node, true) {
		if (process->pid == tgid)
			return process;
	}
	return NULL;
}

/**
 * process_find - what is known of a process
 * @tgid: the process
 *
 * Context: under rcu_read_lock() (preemption off will do) or the process's lock.
 * Return: the entry, whose container may still be NULL, or NULL.
 */
static inline struct process *process_find(const struct pid *tgid)
{
	return process_among(process_hash(process_nr(tgid)), tgid);
}

/**
 * process_of - what is known of a task's process
 * @task: the task; nothing is found for one that was reaped, as it has no struct pid any more
 *
 * Most processes that fork, exit and are audited carry nothing, and an empty bucket says
 * so in a few instructions.
 *
 * Context, Return: as for process_find()
 */
static inline struct process *process_of(struct task_struct *task)
{
	struct process *process;

	/* process_among(), but that its struct pid is looked for only if there is an entry */
	hlist_for_each_entry_rcu(process, &process_table[process_hash(task->tgid)], node, true) {
		if (process->pid == task_tgid(task))
			return process;
	}
	return NULL;
}

/**
 * container_of_subject - the container of who is the subject of a record now, if it has one
 *
 * Context: handlers, under rcu_read_lock() (preemption off will do).
 * Return: the container, borrowed, or NULL.
 */
static inline struct container *container_of_subject(void)
{
	const struct process *process = process_of(current);

	/* current is a bystander in an interrupt, and a worker in a kthread */
	if (!process || !in_task() || (current->flags & PF_KTHREAD))
		return NULL;
	return READ_ONCE(process->container);
}

/**
 * process_lock_at - process_lock(), for callers that know the hash
 * @hash: that of the process, also of one whose number alone is known
 */
static inline void process_lock_at(u32 hash) __acquires(process_locks)
{
	raw_spin_lock(process_lock_of(hash));
}

/**
 * process_unlock_at - undo process_lock_at()
 * @hash: the same
 */
static inline void process_unlock_at(u32 hash) __releases(process_locks)
{
	raw_spin_unlock(process_lock_of(hash));
	widen_window();
}

/**
 * process_lock - take the lock of a process, and find its entry
 * @tgid: the process
 *
 * Context: handlers and process context, never an interrupt: so those stay on. The locks
 * of two processes are never held at a time.
 * Return: the entry, whose container may be NULL, or NULL.
 */
static inline struct process *process_lock(const struct pid *tgid) __acquires(process_locks)
{
	u32 hash = process_hash(process_nr(tgid));

	process_lock_at(hash);
	return process_among(hash, tgid);
}

/**
 * process_unlock - undo process_lock()
 * @tgid: the process
 */
static inline void process_unlock(const struct pid *tgid) __releases(process_locks)
{
	process_unlock_at(process_hash(process_nr(tgid)));
}

/* Is the lock of an entry's process held, as it must be? */
static inline void process_assert_locked(const struct pid *tgid)
{
	lockdep_assert_held(process_lock_of(process_hash(process_nr(tgid))));
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

/* process_insert(), if the hash is known. */
static inline void process_insert_at(u32 hash, struct process *process, struct pid *tgid,
				     struct container *c, u32 flags)
{
	process_assert_locked(tgid);
	/* nobody could ever find the other one */
	WARN_ON_ONCE(IS_ENABLED(CONFIG_PROVE_LOCKING) && process_among(hash, tgid));
	process->pid = get_pid(tgid);
	process->container = c;
	process->flags = flags;
	hlist_add_head_rcu(&process->node, &process_table[hash]);
}

/**
 * process_insert - make an entry visible
 * @process: from process_alloc() or the like
 * @tgid: the process
 * @c: its container, whose reference passes to the entry, or NULL
 * @flags: PROCESS_*
 *
 * Context: under the process's lock, with no entry there yet.
 */
static inline void process_insert(struct process *process, struct pid *tgid, struct container *c,
				  u32 flags)
{
	process_insert_at(process_hash(process_nr(tgid)), process, tgid, c, flags);
}

int registry_init(void);
void registry_exit(void);

struct process *process_alloc(gfp_t gfp);
struct process *process_alloc_atomic(void);
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
