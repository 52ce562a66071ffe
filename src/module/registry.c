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
 * Fork and release do without the allocator, and without a callback of RCU's for each: what
 * a CPU has removed lies in lists of that CPU until a grace period is over, and a fork
 * takes it.
 */
#include <linux/mempool.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/random.h>
#include <linux/rculist.h>
#include <linux/slab.h>

#include "home.h"
#include "registry.h"

#define RESERVE 256
/*
 * A grace period takes some clock ticks. A CPU may fork a few hundred times in that, and as many
 * wait, have been removed since, and are free.
 */
#define RETIRED_MAX 1024

struct hlist_head *process_table;
u32 process_salt __ro_after_init;
/* each guards the entries of a set of buckets; no two are held at a time */
struct process_lock process_locks[1 << PROCESS_LOCK_BITS];
static struct kmem_cache *process_cache;
static mempool_t *process_pool;

/**
 * struct retired - the entries that a CPU has removed
 * @free: nobody can be reading these any more
 * @waiting: these may still be read
 * @fresh: those that were removed since the grace period of @waiting began
 * @count: how many there are in all three
 * @over: the grace period of @waiting is over
 * @rcu: its callback sets @over
 *
 * The CPU has preemption off when it touches the lists. No interrupt does.
 */
struct retired {
	struct process *free;
	struct process *waiting;
	struct process *fresh;
	unsigned int count;
	bool over;
	struct rcu_head rcu;
};

static DEFINE_PER_CPU(struct retired, retired);

static void retired_over(struct rcu_head *rcu)
{
	struct retired *list = container_of(rcu, struct retired, rcu);

	/* pairs with the one in retired_free(): all reading comes before */
	smp_store_release(&list->over, true);
}

/* What has been removed since the last time waits together: for many RCU is asked once. */
static void retired_wait(struct retired *list)
{
	list->waiting = list->fresh;
	list->fresh = NULL;
	if (!list->waiting)
		return;
	WRITE_ONCE(list->over, false);
	call_rcu(&list->rcu, retired_over);
}

/* Those whose grace period is over are free. */
static noinline struct process *retired_free(struct retired *list)
{
	/* pairs with the one in retired_over() */
	if (!list->waiting || !smp_load_acquire(&list->over))
		return NULL;
	list->free = list->waiting;
	retired_wait(list);
	return list->free;
}

/* One that nobody can be reading any more, or NULL. */
static struct process *process_take(void)
{
	struct retired *list = this_cpu_ptr(&retired);
	struct process *process = list->free;

	lockdep_assert_preemption_disabled();
	if (!process)
		process = retired_free(list);
	if (!process)
		return NULL;
	list->free = process->next;
	list->count--;
	/* the rest is written before anybody can find it */
	process->walk = 0;
	process->home = NULL;
	process->origin = NULL;
	process->exec_id = 0;
	return process;
}

/**
 * process_alloc - memory for an entry
 * @gfp: GFP_KERNEL, perhaps with flags
 *
 * Context: may sleep.
 */
struct process *process_alloc(gfp_t gfp)
{
	return kmem_cache_zalloc(process_cache, gfp);
}

/* From the allocator, or from the reserve. */
static noinline struct process *process_alloc_new(void)
{
	/* what the pool would try first, but with zeros from the allocator */
	const gfp_t gfp = GFP_ATOMIC | __GFP_NOWARN | __GFP_NOMEMALLOC;
	struct process *process = kmem_cache_zalloc(process_cache, gfp);

	if (process)
		return process;
	process = mempool_alloc(process_pool, gfp);
	if (process)
		memset(process, 0, sizeof(*process));
	return process;
}

/**
 * process_alloc_atomic - memory for an entry, which may be of the reserve
 *
 * Context: preemption is off, as in handlers.
 */
struct process *process_alloc_atomic(void)
{
	struct process *process = process_take();

	return likely(process) ? process : process_alloc_new();
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
 * @process: from process_alloc() or the like, takes the place, with a walk and a home of its
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

	process_assert_locked(tgid);
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
	process_assert_locked(process->pid);
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

	process_assert_locked(process->pid);
	hlist_del_rcu(&process->node);
	refcount_dec(&process->pid->count);
	/* what the reserve lacks goes back to it; a moment later will do, too */
	if (list->count >= RETIRED_MAX || data_race(process_pool->curr_nr) < process_pool->min_nr) {
		call_rcu(&process->rcu, process_free_retired);
		return;
	}
	list->count++;
	process->next = list->fresh;
	list->fresh = process;
	if (!list->waiting)
		retired_wait(list);
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

	process_salt = get_random_u32();
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

static void free_all(struct process *process)
{
	struct process *next;

	for (; process; process = next) {
		next = process->next;
		process_free(process);
	}
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

		free_all(list->free);
		free_all(list->waiting);
		free_all(list->fresh);
	}
	/* twice: the callback of an entry may queue that of its container */
	rcu_barrier();
	rcu_barrier();
	mempool_destroy(process_pool);
	kmem_cache_destroy(process_cache);
	kvfree(process_table);
}
