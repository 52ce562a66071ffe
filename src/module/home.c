// SPDX-License-Identifier: GPL-2.0
/*
 * The mount namespaces that containers live in.
 *
 * No reference to a namespace is held: it would keep the container's mounts busy.
 * A home is only a hint, the address of a namespace in which a labelled process
 * is at home. Whether it is true is looked up when somebody enters: among the
 * labelled processes that have a thread in there at that moment. So an address
 * that was freed and is another namespace's by now leads to nobody, however the
 * process that brought the hint has left.
 *
 * A labelled process holds at most one home; with the last holder the hint goes.
 * homes_lock guards the table and the step of @users from and to zero; it nests
 * inside a process's lock.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/hash.h>
#include <linux/mm.h>
#include <linux/nsproxy.h>
#include <linux/rculist.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/slab.h>

#include "home.h"
#include "registry.h"

#define HOME_BITS 10

/*
 * struct home - a mount namespace in which labelled processes are, or were
 * @ns: its address, for comparison only
 * @users: labelled processes that hold it
 */
struct home {
	struct hlist_node node;
	const void *ns;
	atomic_t users;
	struct rcu_head rcu;
};

static struct hlist_head homes[1 << HOME_BITS];
/* guards the table, and the steps of ->users from and to 0; inside of a process's */
static DEFINE_RAW_SPINLOCK(homes_lock);

static struct hlist_head *home_bucket(const void *ns)
{
	return &homes[hash_ptr(ns, HOME_BITS)];
}

static struct home *home_find(const void *ns)
{
	struct home *home;

	hlist_for_each_entry_rcu(home, home_bucket(ns), node, true) {
		if (home->ns == ns)
			return home;
	}
	return NULL;
}

/**
 * home_ns_of - the mount namespace that a task is in, to compare it
 * @task: current, a child that has never run, or another under task_lock()
 */
const void *home_ns_of(const struct task_struct *task)
{
	return task->nsproxy ? task->nsproxy->mnt_ns : NULL;
}

/**
 * home_is_host - is it the namespace of the machine itself?
 * @ns: a mount namespace
 */
bool home_is_host(const void *ns)
{
	return ns == home_ns_of(&init_task);
}

/**
 * home_enter - a labelled process is in a namespace
 * @ns: the namespace
 *
 * The host's own is never a home: nobody enters the container by it.
 *
 * Context: handlers; a process's lock may be held. Without memory nobody is
 * adopted from there, and a message says so.
 * Return: the home, to be given back by home_leave(), or NULL.
 */
struct home *home_enter(const void *ns)
{
	struct home *home, *fresh;
	unsigned long flags;

	if (!ns || home_is_host(ns))
		return NULL;
	fresh = kzalloc(sizeof(*fresh), GFP_ATOMIC | __GFP_NOWARN);
	raw_spin_lock_irqsave(&homes_lock, flags);
	home = home_find(ns);
	if (home) {
		atomic_inc(&home->users);
	} else if (fresh) {
		fresh->ns = ns;
		atomic_set(&fresh->users, 1);
		hlist_add_head_rcu(&fresh->node, home_bucket(ns));
		home = fresh;
		fresh = NULL;
	}
	raw_spin_unlock_irqrestore(&homes_lock, flags);
	kfree(fresh);
	if (!home)
		pr_warn_ratelimited("no memory: who enters a container is not adopted\n");
	return home;
}

/**
 * home_share - a child of a labelled process is born
 * @home: what the parent holds, or NULL; it can not give it back meanwhile
 * @ns: the child's namespace
 *
 * One that differs from current's was made with the child. Where a thread has
 * gone elsewhere alone, what it forks there has no home.
 *
 * Return: the home for the child, or NULL.
 */
struct home *home_share(struct home *home, const void *ns)
{
	if (ns != home_ns_of(current))
		return home_enter(ns);
	if (!home || home->ns != ns)
		return NULL;
	atomic_inc(&home->users);
	return home;
}

/**
 * home_leave - a process leaves a namespace, or dies
 * @home: what it holds, or NULL
 *
 * Context: handlers; a process's lock may be held.
 */
void home_leave(struct home *home)
{
	unsigned long flags;

	if (!home || atomic_add_unless(&home->users, -1, 1))
		return;
	raw_spin_lock_irqsave(&homes_lock, flags);
	if (atomic_dec_and_test(&home->users)) {
		hlist_del_rcu(&home->node);
		kfree_rcu(home, rcu);
	}
	raw_spin_unlock_irqrestore(&homes_lock, flags);
}

/*
 * Is it at home in there, and has it a thread in there now? Who only came by
 * setns, with another container's label, is not at home. No handler is entered
 * with a task_lock held.
 */
static bool lives_in(struct task_struct *task, const struct process *process, const void *ns)
{
	const struct home *home = READ_ONCE(process->home);
	struct task_struct *thread;
	bool in = false;

	if (!home || home->ns != ns)
		return false;
	for_each_thread(task, thread) {
		task_lock(thread);
		in = home_ns_of(thread) == ns;
		task_unlock(thread);
		if (in)
			break;
	}
	return in;
}

/* The nearest that encloses both, or NULL. */
static struct container *common_encloser(struct container *a, struct container *b)
{
	while (a && !container_encloses(a, b))
		a = a->parent;
	return a;
}

/**
 * home_residents - who lives in a namespace?
 * @ns: the namespace, which the caller keeps alive
 * @resident: the answer, to be given back by resident_put()
 *
 * Walks over all processes, but only where there is a hint.
 *
 * Context: handlers, with no lock held.
 */
void home_residents(const void *ns, struct resident *resident)
{
	struct container *c = NULL, *first = NULL;
	struct process *process;
	struct task_struct *p;
	struct container *its;

	resident->c = NULL;
	resident->shared = NULL;
	rcu_read_lock();
	if (!home_find(ns))
		goto out;
	for_each_process(p) {
		process = process_find(task_tgid(p));
		its = process ? READ_ONCE(process->container) : NULL;
		if (!its || its == c || !lives_in(p, process, ns))
			continue;
		c = first ? common_encloser(c, its) : its;
		first = its;
	}
	/* who is gone by now lives there no more */
	if (c)
		resident->c = container_tryget(c) ? c : NULL;
	else if (first)
		resident->shared = container_tryget(first) ? first : NULL;
out:
	rcu_read_unlock();
}

/**
 * resident_put - give back the references of an answer
 * @resident: it
 */
void resident_put(struct resident *resident)
{
	if (resident->c)
		container_put(resident->c);
	if (resident->shared)
		container_put(resident->shared);
}
