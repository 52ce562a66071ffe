/* SPDX-License-Identifier: GPL-2.0 */
/* The mount namespaces that containers live in. */
#ifndef CONTID_HOME_H
#define CONTID_HOME_H

#include <linux/atomic.h>
#include <linux/compiler.h>
#include <linux/list.h>
#include <linux/nsproxy.h>
#include <linux/sched.h>
#include <linux/types.h>

struct container;
struct pid;

/**
 * struct place - a mount namespace in which labelled processes are at home
 * @ns: its address, for comparison only; NULL once another namespace is there
 * @id: contid_mnt_id() of it, which no other namespace ever has
 * @homes: those of whole processes, one for each container
 * @strays: those of processes whose threads are in several namespaces, one for each
 */
struct place {
	struct hlist_node node;
	const void *ns;
	u64 id;
	struct hlist_head homes;
	struct hlist_head strays;
	struct rcu_head rcu;
};

/**
 * struct home - processes of one container that are at home in one mount namespace
 * @node: in @place->homes or @place->strays
 * @by_key: of one in @place->homes: finds it by place and container
 * @place: the namespace
 * @c: the container, for which the processes hold references
 * @stray: the one process of a home in @place->strays; else NULL
 * @users: how many processes hold it, and threads that are there alone
 */
struct home {
	struct hlist_node node;
	struct hlist_node by_key;
	struct place *place;
	struct container *c;
	struct pid *stray;
	atomic_t users;
	struct rcu_head rcu;
};

/**
 * home_ns_of - the mount namespace that a task is in, to compare it
 * @task: current, a child that has never run, or another under task_lock()
 */
static inline const void *home_ns_of(const struct task_struct *task)
{
	return task->nsproxy ? task->nsproxy->mnt_ns : NULL;
}

void home_end(struct home *home);

/**
 * home_common - home_share(), if the child simply holds what its maker, current, holds
 * @home: what that holds, or NULL
 * @ns: the child's namespace
 *
 * Context: the handler of fork, under the lock of current's process.
 * Return: the home for the child, or NULL if it is not as simple.
 */
static inline struct home *home_common(struct home *home, const void *ns)
{
	if (unlikely(!home || home->stray || READ_ONCE(home->place->ns) != ns ||
		     ns != home_ns_of(current)))
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
static inline void home_leave(struct home *home)
{
	if (home && !atomic_add_unless(&home->users, -1, 1))
		home_end(home);
}

bool home_is_host(const void *ns);
struct place *home_place(const void *ns);
struct home *home_enter(const void *ns, struct container *c, struct pid *stray);
struct home *home_share(struct home *home, const void *ns, struct container *c);
void home_forget(const void *ns);
void home_check(const void *ns);

#endif
