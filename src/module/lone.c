// SPDX-License-Identifier: GPL-2.0
/*
 * Threads that are in another mount or network namespace than the rest of their process, and
 * at home there: who enters by the leader of a process enters where that one thread is.
 *
 * Each has a home of whole processes there. The thread gives it back when it moves on or
 * exits, and nobody else touches it: so it is true, as that of a process is (home.c).
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/hash.h>
#include <linux/list.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "container.h"
#include "home.h"
#include "lone.h"
#include "parting.h"

#define LONE_BITS 6

/**
 * struct lone - such a thread
 * @node: in the table
 * @thread: the thread, to compare with only
 * @home: its home, of the container that it was in when it went: this holds a reference
 */
struct lone {
	struct hlist_node node;
	const struct task_struct *thread;
	struct home *home;
};

static struct hlist_head lones[1 << LONE_BITS];
/* how many there are; read without the lock, as each thread knows of its own */
unsigned int lone_threads;
/* guards both; nothing is taken inside */
static DEFINE_RAW_SPINLOCK(lone_lock);

static struct hlist_head *lone_bucket(const struct task_struct *thread)
{
	return &lones[hash_ptr(thread, LONE_BITS)];
}

static struct lone *lone_find(const struct task_struct *thread)
{
	struct lone *lone;

	lockdep_assert_held(&lone_lock);
	hlist_for_each_entry(lone, lone_bucket(thread), node) {
		if (lone->thread == thread)
			return lone;
	}
	return NULL;
}

static struct lone *lone_make(const struct task_struct *thread, const void *mnt, const void *net,
			      struct container *c)
{
	struct lone *lone;

	if (!c || !home_is_any(mnt, net))
		return NULL;
	lone = kzalloc(sizeof(*lone), GFP_ATOMIC | __GFP_NOWARN);

	if (!lone) {
		pr_warn_ratelimited("no memory: this namespace counts as no container\'s\n");
		return NULL;
	}
	lone->thread = thread;
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
	kfree(lone);
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

	if (!fresh && !READ_ONCE(lone_threads))
		return;
	raw_spin_lock(&lone_lock);
	old = lone_find(thread);
	if (old)
		hlist_del(&old->node);
	if (fresh)
		hlist_add_head(&fresh->node, lone_bucket(thread));
	WRITE_ONCE(lone_threads, lone_threads + !!fresh - !!old);
	partings_add(!!fresh - !!old);
	raw_spin_unlock(&lone_lock);
	if (old)
		lone_free(old);
}

/**
 * lone_find_home - lone_is_home(), if there are such threads at all
 * @ns: the namespace, current's own
 *
 * Context: handlers; a process's lock may be held.
 */
bool lone_find_home(const void *ns)
{
	const struct lone *lone;
	bool is;

	raw_spin_lock(&lone_lock);
	lone = lone_find(current);
	is = lone && home_at(lone->home, HOME_MNT) == ns;
	raw_spin_unlock(&lone_lock);
	return is;
}

/** lone_exit - forget those that live on (rmmod -f). No probe is attached any more. */
void lone_exit(void)
{
	struct hlist_node *next;
	struct lone *lone;
	int i;

	for (i = 0; i < ARRAY_SIZE(lones); i++) {
		hlist_for_each_entry_safe(lone, next, &lones[i], node) {
			hlist_del(&lone->node);
			lone_free(lone);
		}
	}
}
