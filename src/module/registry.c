// SPDX-License-Identifier: GPL-2.0
/*
 * The registry: a hash from process to what it carries.
 *
 * Locks. A process's entry is inserted, changed and removed under the raw
 * spinlock of its bucket, which therefore is the lock of that process; it is
 * found under RCU. (An rhashtable would switch bottom halves on at its unlock,
 * which a probe's handler must not.)
 *
 * Lifetimes. An entry that is removed is used again only after a grace period, and
 * a container is freed only one after its last reference has gone. So an entry found
 * under RCU may be used, with its container, until the end of that read section; to
 * keep the container for longer takes container_tryget(), which may find it going.
 *
 * Fork and release do without the allocator and without RCU's callbacks: what a
 * CPU has removed lies in a list of that CPU, the oldest first, until its grace
 * period is over and a fork takes it.
 */
#include <linux/mempool.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/rculist.h>
#include <linux/slab.h>

#include "compat.h"
#include "home.h"
#include "registry.h"

#define RESERVE 256
/* a grace period takes some clock ticks; a CPU may fork a few hundred times in that */
#define RETIRED_MAX (CONTID_RCU_POLLS ? 512 : 0)

struct hlist_head *process_table;
/* each guards the entries of a set of buckets; no two are held at a time */
struct process_lock process_locks[1 << PROCESS_LOCK_BITS];
static struct kmem_cache *process_cache;
static mempool_t *process_pool;

/* Of one CPU, which has preemption off when it touches it. No interrupt does. */
struct retired {
	struct process *oldest;
	struct process *youngest;
	unsigned int count;
};

static DEFINE_PER_CPU(struct retired, retired);

/* The oldest one that nobody can be reading any more, zeroed, or NULL. */
static struct process *process_take(void)
{
	struct retired *list = get_cpu_ptr(&retired);
	struct process *process = NULL;

	if (list->count && contid_grace_over(list->oldest->retired.grace)) {
		process = list->oldest;
		list->oldest = process->retired.younger;
		list->count--;
		memset(process, 0, sizeof(*process));
	}
	put_cpu_ptr(&retired);
	return process;
}

/**
 * process_alloc - memory for an entry
 * @gfp: GFP_ATOMIC in a handler: that may take from the reserve, which is for
 *	inheritance alone
 */
struct process *process_alloc(gfp_t gfp)
{
	struct process *process;

	if (gfpflags_allow_blocking(gfp))
		return kmem_cache_zalloc(process_cache, gfp);
	process = process_take();
	if (likely(process))
		return process;
	/* what the pool would try first, but with zeros from the allocator */
	gfp |= __GFP_NOWARN | __GFP_NOMEMALLOC;
	process = kmem_cache_zalloc(process_cache, gfp);
	if (process)
		return process;
	process = mempool_alloc(process_pool, gfp);
	if (process)
		memset(process, 0, sizeof(*process));
	return process;
}

/**
 * process_free - give back an entry that nobody can find, nor has to wait for
 * @process: the entry, or NULL
 */
void process_free(struct process *process)
{
	if (process)
		mempool_free(process, process_pool);
}

static void process_free_rcu(struct rcu_head *rcu)
{
	struct process *process = container_of(rcu, struct process, rcu);

	put_pid(process->pid);
	if (process->container)
		container_put(process->container);
	mempool_free(process, process_pool);
}

/**
 * process_replace - another label for a process
 * @old: its entry, or NULL if it has none
 * @process: from process_alloc(), takes the place, with a walk and a home of its
 *	own or in the place of the old one's
 * @tgid: the process
 * @c: its container, whose reference passes to the entry
 * @flags: PROCESS_*
 *
 * Context: under the process's lock. Readers see one of the two, whole.
 */
void process_replace(struct process *old, struct process *process, struct pid *tgid,
		     struct container *c, u32 flags)
{
	struct home *home;

	lockdep_assert_held(process_lock_of(tgid));
	if (!old) {
		process_insert(process, tgid, c, flags);
		return;
	}
	process->pid = get_pid(tgid);
	process->container = c;
	/* a registration that is being judged goes on with the new entry */
	process->flags = flags | (old->flags & (PROCESS_JUDGED | PROCESS_FORKED | PROCESS_NOTED));
	if (!process->walk)
		process->walk = old->walk;
	home = old->home;
	if (home && !process->home)
		process->home = home_again(home, c, home->stray);
	WRITE_ONCE(old->home, NULL);
	home_leave(home);
	hlist_replace_rcu(&old->node, &process->node);
	call_rcu(&old->rcu, process_free_rcu);
}

/**
 * process_remove - take an entry away
 * @process: the entry
 *
 * Context: under the process's lock.
 */
void process_remove(struct process *process)
{
	lockdep_assert_held(process_lock_of(process->pid));
	hlist_del_rcu(&process->node);
	home_leave(process->home);
	call_rcu(&process->rcu, process_free_rcu);
}

/**
 * process_for_each - show every entry to a function
 * @fn: called under RCU, may take the process's lock and remove the entry
 *
 * Context: may sleep.
 */
void process_for_each(void (*fn)(struct process *process))
{
	struct process *process;
	int i;

	for (i = 0; i < 1 << PROCESS_BITS; i++) {
		rcu_read_lock();
		hlist_for_each_entry_rcu(process, &process_table[i], node)
			fn(process);
		rcu_read_unlock();
		cond_resched();
	}
}

static void process_free_retired(struct rcu_head *rcu)
{
	mempool_free(container_of(rcu, struct process, rcu), process_pool);
}

/**
 * process_retire - take away the entry of a process that is released
 * @process: the entry, whose home is given back and whose reference on the
 *	container the caller has taken over
 *
 * The process still has its struct pid, which lives on for a grace period after it
 * has lost it: so the reference on that can go now, and cannot be the last.
 *
 * Context: under the process's lock, in the handler of release.
 */
void process_retire(struct process *process)
{
	struct retired *list = this_cpu_ptr(&retired);

	lockdep_assert_held(process_lock_of(process->pid));
	hlist_del_rcu(&process->node);
	put_pid(process->pid);
	/* what the reserve lacks goes back to it; a moment later will do, too */
	if (list->count >= RETIRED_MAX || data_race(process_pool->curr_nr) < process_pool->min_nr) {
		call_rcu(&process->rcu, process_free_retired);
		return;
	}
	process->retired.grace = contid_grace_begin();
	if (list->count++)
		list->youngest->retired.younger = process;
	else
		list->oldest = process;
	list->youngest = process;
}

static void remove_empty(struct process *process)
{
	struct pid *tgid = process->pid;

	if (READ_ONCE(process->container))
		return;
	process = process_lock(tgid);
	if (process && process_is_empty(process))
		process_remove(process);
	process_unlock(tgid);
}

/**
 * process_remove_empty - remove the marks that a tree has left
 *
 * Context: may sleep; no other tree is being walked.
 */
void process_remove_empty(void)
{
	process_for_each(remove_empty);
}

/**
 * container_of_process - what a process carries
 * @tgid: the process
 *
 * Return: the container with a reference, or NULL.
 */
struct container *container_of_process(struct pid *tgid)
{
	struct process *process;
	struct container *c = NULL;

	rcu_read_lock();
	process = process_find(tgid);
	if (process)
		c = READ_ONCE(process->container);
	if (c && !container_tryget(c))
		c = NULL;
	rcu_read_unlock();
	return c;
}

/** registry_bytes_fixed - size of the hash table */
size_t registry_bytes_fixed(void)
{
	return sizeof(*process_table) << PROCESS_BITS;
}

/** registry_init - make the tables. May sleep. */
int registry_init(void)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(process_locks); i++)
		raw_spin_lock_init(&process_locks[i].lock);
	process_table = kvcalloc(1 << PROCESS_BITS, sizeof(*process_table), GFP_KERNEL);
	process_cache =
		kmem_cache_create("audit_contid_process", sizeof(struct process), 0, 0, NULL);
	if (process_cache)
		process_pool = mempool_create_slab_pool(RESERVE, process_cache);
	if (process_table && process_pool)
		return 0;
	registry_exit();
	return -ENOMEM;
}

/**
 * registry_exit - free everything, live containers too (rmmod -f)
 *
 * Context: may sleep; no probe is attached and no record pending any more.
 */
void registry_exit(void)
{
	struct process *process;
	struct hlist_node *next;
	int i;

	for (i = 0; process_table && i < 1 << PROCESS_BITS; i++) {
		hlist_for_each_entry_safe(process, next, &process_table[i], node) {
			struct pid *tgid = process->pid;

			process_remove(process_lock(tgid));
			process_unlock(tgid);
		}
	}
	for_each_possible_cpu(i) {
		struct retired *list = per_cpu_ptr(&retired, i);

		for (; list->count; list->count--) {
			process = list->oldest;
			list->oldest = process->retired.younger;
			process_free(process);
		}
	}
	/* twice: the callback of an entry may queue that of its container */
	rcu_barrier();
	rcu_barrier();
	mempool_destroy(process_pool);
	kmem_cache_destroy(process_cache);
	kvfree(process_table);
}
