/* SPDX-License-Identifier: GPL-2.0 */
/* The mount and network namespaces that containers live in. */
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

enum home_kind { HOME_MNT, HOME_NET, HOME_KINDS };

/**
 * struct place - a namespace in which labelled processes are at home
 * @node: in the table of its kind
 * @ns: its address, for comparison only; NULL once another namespace is there
 * @id: contid_mnt_id() or contid_net_id() of it, which no other namespace ever has
 * @tenants: containers, each once
 * @strays: processes whose threads are in several namespaces, each once
 */
struct place {
	struct hlist_node node;
	const void *ns;
	u64 id;
	struct hlist_head tenants;
	struct hlist_head strays;
	struct rcu_head rcu;
};

/**
 * struct tenant - a container in a namespace
 * @node: in @place->tenants or @place->strays
 * @place: the namespace
 * @c: the container, for which the processes hold references
 * @stray: the one process of a tenant in @place->strays; else NULL
 * @homes: how many homes are here
 * @by_key: of one in @place->tenants: finds it by place and container
 */
struct tenant {
	struct hlist_node node;
	struct place *place;
	struct container *c;
	struct pid *stray;
	unsigned int homes;
	union {
		struct hlist_node by_key;
		struct rcu_head rcu;
	};
};

/**
 * struct home - processes of one container, at home in one mount and one network namespace
 * @in: these, by their kind; NULL for the host's, and for a mount namespace that is nobody's
 *	home; not both
 * @c: the container
 * @stray: the one process of a home that is its alone, as its threads are in several
 *	namespaces; else NULL
 * @users: how many processes hold it, and threads that are there alone
 * @by_key: of one that is shared: finds it by its tenants
 */
struct home {
	struct tenant *in[HOME_KINDS];
	struct container *c;
	struct pid *stray;
	atomic_t users;
	union {
		struct hlist_node by_key;
		struct rcu_head rcu;
	};
};

/* How many tenants of network namespaces there are; read without the lock. */
extern unsigned int home_net_tenants;

/**
 * home_ns_of - the mount namespace that a task is in, to compare it
 * @task: current, a child that has never run, or another under task_lock()
 */
static inline const void *home_ns_of(const struct task_struct *task)
{
	return task->nsproxy ? task->nsproxy->mnt_ns : NULL;
}

/**
 * home_net_of - likewise, the network namespace
 * @task: as above
 */
static inline const void *home_net_of(const struct task_struct *task)
{
	return task->nsproxy ? task->nsproxy->net_ns : NULL;
}

/**
 * home_at - the address of a home's namespace
 * @home: the home, or NULL
 * @kind: which of the two
 *
 * Return: NULL if it has none, or if another namespace is there by now.
 */
static inline const void *home_at(const struct home *home, enum home_kind kind)
{
	return home && home->in[kind] ? READ_ONCE(home->in[kind]->place->ns) : NULL;
}

/**
 * home_is_at - is a home in a namespace, as far as it is in one of that kind?
 * @home: the home
 * @kind: the kind
 * @ns: the namespace
 */
static inline bool home_is_at(const struct home *home, enum home_kind kind, const void *ns)
{
	return !home->in[kind] || READ_ONCE(home->in[kind]->place->ns) == ns;
}

/**
 * home_hold - one more holds a home that the caller holds
 * @home: the home; the caller does not give it back meanwhile
 *
 * Context: handlers.
 */
static inline void home_hold(struct home *home)
{
	atomic_inc(&home->users);
}

/**
 * home_share - a child of a labelled process is born
 * @home: what the parent holds, or NULL; the parent cannot give it back meanwhile
 * @in: the child's namespaces
 *
 * What a thread forks that has gone elsewhere alone is not at home there by this.
 *
 * Context: the handler of fork.
 * Return: whether the child has the same home, and is counted.
 */
static inline bool home_share(struct home *home, const struct nsproxy *in)
{
	if (unlikely(!home || home->stray || in != current->nsproxy ||
		     !home_is_at(home, HOME_MNT, in->mnt_ns) ||
		     !home_is_at(home, HOME_NET, in->net_ns)))
		return false;
	home_hold(home);
	return true;
}

void home_end(struct home *home);

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
bool home_is_any(const void *mnt, const void *net);
struct place *home_place(enum home_kind kind, const void *ns);
struct home *home_enter(const void *mnt, const void *net, struct container *c, struct pid *stray);
struct home *home_again(const struct home *home, struct container *c, struct pid *stray);
void home_forget(const void *ns);
void home_check(const void *ns);

#endif
