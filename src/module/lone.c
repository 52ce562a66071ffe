// SPDX-License-Identifier: GPL-2.0
/*
 * Threads that are in another mount or network namespace than the rest of their process, and
 * at home there: who enters by the leader of a process enters where that one thread is.
 *
 * Each has a home of whole processes there, and so has a thread that it makes there. The
 * thread gives it back when it moves on or exits, and nobody else touches it: so it is true,
 * as that of a process is (home.c).
 *
 * That is why a thread looks for its own without a lock, under RCU: only itself, or its maker
 * before it has ever run, puts one in or takes it out. If none is found there is none. Each
 * exit on the machine looks, while there is any such thread.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/hash.h>
#include <linux/rculist.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "container.h"
#include "home.h"
#include "lone.h"
#include "parting.h"

/* A container chooses how many there are. */
#define LONE_BITS 11

/**
 * struct lone - such a thread
 * @node: in the table
 * @thread: the thread, to compare with only
 * @home: its home, of the container that it was in when it went: this holds a reference
 * @sweep: the last one that has seen the thread
 * @rcu: its thread finds it without the lock
 */
struct lone {
	struct hlist_node node;
	const struct task_struct *thread;
	struct home *home;
	unsigned int sweep;
	struct rcu_head rcu;
};

static struct hlist_head lones[1 << LONE_BITS];
/* how many there are; read without the lock, as each thread knows of its own */
unsigned int lone_threads;
static unsigned int sweeps;
/* guards all three; nothing is taken inside */
static DEFINE_RAW_SPINLOCK(lone_lock);

static struct hlist_head *lone_bucket(const struct task_struct *thread)
{
	return &lones[hash_ptr(thread, LONE_BITS)];
}

/* Under RCU, for current or a child that has never run; or under the lock. */
static struct lone *lone_find(const struct task_struct *thread)
{
	struct lone *lone;

	hlist_for_each_entry_rcu(lone, lone_bucket(thread), node, lockdep_is_held(&lone_lock)) {
		if (lone->thread == thread)
			return lone;
	}
	return NULL;
}

static struct lone *lone_alloc(const struct task_struct *thread)
{
	struct lone *lone = kzalloc(sizeof(*lone), GFP_ATOMIC | __GFP_NOWARN);

	if (lone)
		lone->thread = thread;
	else
		pr_warn_ratelimited("no memory: this namespace counts as no container\'s\n");
	return lone;
}

static struct lone *lone_make(const struct task_struct *thread, const void *mnt, const void *net,
			      struct container *c)
{
	struct lone *lone;

	if (!c || !home_is_any(mnt, net))
		return NULL;
	lone = lone_alloc(thread);
	if (!lone)
		return NULL;
	lone->home = home_enter(mnt, net, c, NULL);
	if (lone->home) {
		container_get(c);
		return lone;
	}
	kfree(lone);
	return NULL;
}

static void lone_free(struct lone *lone)
{
	struct container *c = lone->home->c;

	home_leave(lone->home);
	container_put(c);
	kfree_rcu(lone, rcu);
}

/* Under the lock: one goes, one comes; either may be NULL. */
static void lone_swap(struct lone *old, struct lone *fresh)
{
	int more = !!fresh - !!old;

	lockdep_assert_held(&lone_lock);
	if (old)
		hlist_del_rcu(&old->node);
	if (fresh) {
		fresh->sweep = sweeps;
		hlist_add_head_rcu(&fresh->node, lone_bucket(fresh->thread));
	}
	WRITE_ONCE(lone_threads, lone_threads + more);
	partings_add(more);
}

/**
 * lone_moves - a thread goes to another namespace, alone or with its process, or exits
 * @thread: current, or one that has never run
 * @mnt: the mount namespace that it will be at home in alone, or NULL
 * @net: likewise, the network namespace
 * @c: its container, with a reference of the caller's, or NULL
 *
 * Context: handlers, with no lock held.
 */
void lone_moves(const struct task_struct *thread, const void *mnt, const void *net,
		struct container *c)
{
	struct lone *fresh = lone_make(thread, mnt, net, c), *old;

	if (!fresh && !lone_find(thread))
		return;
	raw_spin_lock(&lone_lock);
	old = lone_find(thread);
	lone_swap(old, fresh);
	raw_spin_unlock(&lone_lock);
	if (old)
		lone_free(old);
}

/**
 * lone_share - lone_born(), if there are such threads at all
 * @thread: the new thread
 *
 * Context: the handler of fork.
 */
void lone_share(const struct task_struct *thread)
{
	const struct lone *own = lone_find(current);
	struct lone *fresh;

	if (!own)
		return;
	fresh = lone_alloc(thread);
	if (!fresh)
		return;
	fresh->home = own->home;
	home_hold(fresh->home);
	container_get(fresh->home->c);
	raw_spin_lock(&lone_lock);
	lone_swap(NULL, fresh);
	raw_spin_unlock(&lone_lock);
}

/**
 * lone_find_home - lone_is_home(), if there are such threads at all
 * @ns: the namespace, current's own
 *
 * Context: handlers; a process's lock may be held.
 */
bool lone_find_home(const void *ns)
{
	const struct lone *lone = lone_find(current);

	return lone && home_at(lone->home, HOME_MNT) == ns;
}

/* Which of them have a thread. One that is put in from now on has. */
static void lone_see_all(void)
{
	struct task_struct *process, *thread;
	struct lone *lone;

	rcu_read_lock();
	for_each_process_thread(process, thread) {
		raw_spin_lock(&lone_lock);
		lone = lone_find(thread);
		if (lone)
			lone->sweep = sweeps;
		raw_spin_unlock(&lone_lock);
	}
	rcu_read_unlock();
}

/* One that no thread has, taken out; NULL if there is none in a bucket. */
static struct lone *lone_take_unseen(struct hlist_head *bucket)
{
	struct lone *lone;

	raw_spin_lock(&lone_lock);
	hlist_for_each_entry(lone, bucket, node) {
		if (lone->sweep != sweeps) {
			lone_swap(lone, NULL);
			break;
		}
	}
	raw_spin_unlock(&lone_lock);
	return lone;
}

/**
 * lone_sweep - find those whose thread has exited unseen, as the probes were off
 *
 * Context: may sleep; one at a time.
 */
void lone_sweep(void)
{
	struct lone *lone;
	int i;

	if (!READ_ONCE(lone_threads))
		return;
	raw_spin_lock(&lone_lock);
	sweeps++;
	raw_spin_unlock(&lone_lock);
	lone_see_all();
	for (i = 0; i < ARRAY_SIZE(lones); i++) {
		while ((lone = lone_take_unseen(&lones[i])))
			lone_free(lone);
	}
}

/** lone_exit - forget those that live on (rmmod -f). No probe is attached any more. */
void lone_exit(void)
{
	struct hlist_node *next;
	struct lone *lone;
	int i;

	for (i = 0; i < ARRAY_SIZE(lones); i++) {
		hlist_for_each_entry_safe(lone, next, &lones[i], node) {
			raw_spin_lock(&lone_lock);
			lone_swap(lone, NULL);
			raw_spin_unlock(&lone_lock);
			lone_free(lone);
		}
	}
}
