// SPDX-License-Identifier: GPL-2.0
/*
 * The containers that live in a namespace.
 *
 * Those that are tenants there (home.c). What holds for whole processes is the truth; a
 * stray is a hint, which is compared with its threads. The tenants and
 * threads that one look-up compares are limited, as a container chooses how many it has,
 * and how many containers it makes: if the limit is reached and nobody was found, the
 * next stray is believed, and of more tenants than that the outermost container that was
 * found. Labelling a host process by mistake is better than missing one that entered the
 * container.
 *
 * Of a network namespace packets ask, in interrupts: there a stray is believed, as no
 * lock of its threads can be taken.
 */
#include <linux/cred.h>
#include <linux/ns_common.h>
#include <linux/pid.h>
#include <linux/proc_ns.h>
#include <linux/rculist.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/user_namespace.h>
#include <net/net_namespace.h>

#include "compat.h"
#include "home.h"
#include "lone.h"
#include "registry.h"
#include "resident.h"

/* tenants, and threads of strays, that one look-up compares */
#define PATIENCE 128

/**
 * struct search - what has been found so far
 * @c: the nearest container that encloses all that live there, or NULL
 * @any: one of them, or NULL
 * @patience: how much may still be compared
 */
struct search {
	struct container *c;
	struct container *any;
	int patience;
};

/* The nearest that encloses both, or NULL. */
static struct container *common_encloser(struct container *a, struct container *b)
{
	while (a && !container_encloses(a, b))
		a = a->parent;
	return a;
}

static void search_add(struct search *search, struct container *its)
{
	search->c = search->any ? common_encloser(search->c, its) : its;
	search->any = its;
}

/* Those that share a home are nested in something, or are too many to be told apart. */
static void search_outwards(struct search *search)
{
	while (search->c && search->c->parent)
		search->c = search->c->parent;
}

/*
 * Tenants by whole processes. A container that was let go (release.c) may have one of a
 * thread still: it lives nowhere.
 */
static void search_tenants(struct search *search, const struct place *place)
{
	const struct tenant *tenant;

	hlist_for_each_entry_rcu(tenant, &place->tenants, node) {
		if (search->patience-- <= 0) {
			search_outwards(search);
			return;
		}
		if (atomic_read(&tenant->c->live))
			search_add(search, tenant->c);
	}
}

/* No handler is entered with a task_lock held. */
static bool thread_in(struct task_struct *thread, const void *ns)
{
	bool in;

	task_lock(thread);
	in = home_ns_of(thread) == ns;
	task_unlock(thread);
	return in;
}

/* Has a stray a thread in there? If patience ends it is believed, unless others are known. */
static bool stray_is_in(const struct pid *pid, const void *ns, struct search *search)
{
	struct task_struct *task = pid_task((struct pid *)pid, PIDTYPE_TGID), *thread;

	if (!task)
		return false;
	for_each_thread(task, thread) {
		if (search->patience-- <= 0)
			return !search->any;
		if (thread_in(thread, ns))
			return true;
	}
	return false;
}

/**
 * resident_find - find the container that lives in a mount namespace
 * @ns: the namespace, which the caller keeps alive
 * @resident: the answer, to be given back by resident_put()
 *
 * Context: handlers, with no lock held. Takes task_lock() of strays' threads.
 */
void resident_find(const void *ns, struct resident *resident)
{
	struct search search = { .patience = PATIENCE };
	const struct tenant *tenant;
	const struct place *place;

	resident->c = NULL;
	resident->shared = NULL;
	rcu_read_lock();
	place = home_place(HOME_MNT, ns);
	if (!place)
		goto out;
	search_tenants(&search, place);
	hlist_for_each_entry_rcu(tenant, &place->strays, node) {
		if (search.patience <= 0 && search.any)
			break;
		if (stray_is_in(tenant->stray, ns, &search))
			search_add(&search, tenant->c);
	}
	/* a container whose last process has gone by now lives there no more */
	if (search.c)
		resident->c = container_tryget(search.c) ? search.c : NULL;
	else if (search.any)
		resident->shared = container_tryget(search.any) ? search.any : NULL;
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

/*
 * Was a namespace made by the users of a container that have a user namespace of their
 * own? Then no host process lives in there but one that has entered it.
 */
static bool made_inside(const void *ns)
{
	const struct user_namespace *own = current_user_ns(), *owner;
	struct ns_common *common = (struct ns_common *)contid_mnt_common(ns);

	if (own == &init_user_ns)
		return false;
	for (owner = common->ops->owner(common); owner; owner = owner->parent) {
		if (owner == own)
			return true;
	}
	return false;
}

/**
 * resident_is_own - is a namespace one that current's container lives in?
 * @ns: the namespace, which the caller keeps alive; not the host's
 * @c: current's container
 * @there: the containers that live there
 *
 * If none lives there: only if it is seen that the container has made it. One of a service
 * of the host looks the same otherwise, and must not become a home.
 */
bool resident_is_own(const void *ns, const struct container *c, const struct resident *there)
{
	if (there->c)
		return container_encloses(there->c, c);
	return !there->shared && made_inside(ns);
}

/**
 * resident_stray - a thread of a labelled process leaves the others for another
 * namespace, or is born in another one
 * @process: the entry
 *
 * Without memory it keeps its home as it is.
 *
 * Context: handlers, under the process's lock, before the thread is gone.
 */
void resident_stray(struct process *process)
{
	struct home *home = process->home, *own;

	if (!home || home->stray)
		return;
	own = home_again(home, process->container, process->pid);
	if (!own)
		return;
	WRITE_ONCE(process->home, own);
	home_leave(home);
}

/*
 * The namespaces of a process's first thread that is in any at all: its leader may have
 * exited. Under RCU.
 */
static bool process_ns(struct task_struct *task, const void **mnt, const void **net)
{
	struct task_struct *thread;

	for_each_thread(task, thread) {
		task_lock(thread);
		*mnt = home_ns_of(thread);
		*net = home_net_of(thread);
		task_unlock(thread);
		if (*mnt)
			return true;
	}
	return false;
}

/* Under the process's lock. */
static void resident_changes(struct process *process, struct home *home)
{
	struct home *old = process->home;

	WRITE_ONCE(process->home, home);
	home_leave(old);
}

/**
 * resident_settle - a process was registered: its namespaces become its home
 * @task: the process, kept alive by the caller
 *
 * As that of a stray: it may be on its way to another namespace at this moment, with
 * the hook behind it since before it had a label. The orchestrator's own mount namespace is
 * nobody's home.
 *
 * Context: process context; takes task_lock(), and then the process's lock.
 */
void resident_settle(struct task_struct *task)
{
	const void *mnt, *net;
	struct process *process;
	struct home *home;
	struct pid *tgid;

	rcu_read_lock();
	tgid = process_tgid(task);
	if (tgid && process_ns(task, &mnt, &net)) {
		if (mnt == home_ns_of(current))
			mnt = NULL;
		process = process_lock(tgid);
		if (process && process->container && !(process->flags & PROCESS_DEAD) &&
		    (!process->home || (home_is_any(mnt, NULL) && !process->home->in[HOME_MNT]))) {
			home = home_enter(mnt, net, process->container, tgid);
			/* without memory it keeps the one that it has */
			if (home)
				resident_changes(process, home);
		}
		process_unlock(tgid);
	}
	rcu_read_unlock();
}

/**
 * resident_moves - a labelled process goes elsewhere as a whole
 * @process: the entry
 * @mnt: the mount namespace, NULL if that is not its home
 * @net: the network namespace
 *
 * Context: handlers, under the process's lock, before it goes.
 */
void resident_moves(struct process *process, const void *mnt, const void *net)
{
	resident_changes(process, home_enter(mnt, net, process->container, NULL));
}

/*
 * Current is the only thread of a process that was a stray, or that was on its way to another
 * network namespace when it was registered. Without memory it stays what it is.
 */
static void stray_ends(struct process *process, const void *mnt)
{
	const void *net = home_net_of(current);
	struct home *home = home_enter(mnt, net, process->container, NULL);

	if (home || !home_is_any(mnt, net))
		resident_changes(process, home);
}

/*
 * The namespace in which a child is at home. One that differs from current's was made with
 * the child.
 */
static const void *child_mnt(const struct home *home, const void *ns)
{
	if (ns != home_ns_of(current) || home_at(home, HOME_MNT) == ns || lone_is_home(ns))
		return ns;
	return NULL;
}

/**
 * resident_child - the home of a child that is about to run
 * @parent: the entry of current, which carries a container
 * @in: the child's namespaces
 *
 * If current is the only thread, it is not on its way to another namespace, as it is
 * here: so a stray that is at home is one no longer, and its children share its home. Most
 * of those without a home are in the host's network namespace.
 *
 * Context: the handler of fork, under the parent's lock.
 * Return: the home, to be given back by home_leave(), or NULL.
 */
struct home *resident_child(struct process *parent, const struct nsproxy *in)
{
	const struct nsproxy *own = current->nsproxy;
	struct home *home = parent->home;

	if (!home && in == own && in->net_ns == &init_net && !READ_ONCE(lone_threads))
		return NULL;
	if (unlikely(!home || home->stray) && atomic_read(&current->signal->live) == 1 &&
	    (!home || !home->in[HOME_MNT] || home_at(home, HOME_MNT) == own->mnt_ns)) {
		stray_ends(parent, child_mnt(home, own->mnt_ns));
		home = parent->home;
	}
	if (home_share(home, in))
		return home;
	return home_enter(child_mnt(home, in->mnt_ns), in->net_ns, parent->container, NULL);
}

/**
 * resident_alone - a stray, or one without a home, has one thread only from now on, current
 * @process: the entry
 * @ns: the namespace that current is in
 * @there: the containers that live there
 *
 * If that is not its home, but that of its own container or of one that encloses it, it
 * is at home there.
 *
 * Context: the handler of exec, under the process's lock.
 */
void resident_alone(struct process *process, const void *ns, const struct resident *there)
{
	const struct home *home = process->home;
	bool at_home;

	if (home && !home->stray)
		return;
	at_home = lone_is_home(ns) || (home && home->in[HOME_MNT] &&
				       (home_at(home, HOME_MNT) == ns ||
					resident_is_own(ns, process->container, there)));
	stray_ends(process, at_home ? ns : NULL);
}

/* One more, the oldest first. Those that have an encloser in common count as that. */
static void residents_add(struct residents *all, struct container *c)
{
	struct container *common;
	unsigned int i;

	for (i = 0; i < all->n; i++) {
		common = common_encloser(all->c[i], c);
		if (common) {
			all->c[i] = common;
			return;
		}
	}
	if (all->n == RESIDENTS_MAX) {
		all->more = true;
		return;
	}
	for (i = all->n++; i && all->c[i - 1]->serial > c->serial; i--)
		all->c[i] = all->c[i - 1];
	all->c[i] = c;
}

static void residents_add_all(struct residents *all, const struct hlist_head *tenants,
			      int *patience)
{
	const struct tenant *tenant;

	hlist_for_each_entry_rcu(tenant, tenants, node) {
		if ((*patience)-- <= 0) {
			all->more = true;
			return;
		}
		/* it may have been let go */
		if (atomic_read(&tenant->c->live))
			residents_add(all, tenant->c);
	}
}

/**
 * resident_of_net - find the containers that live in a network namespace
 * @net: its address
 * @id: contid_net_id() of it
 * @all: out: they; none in the host's
 *
 * Context: any, in interrupts too, under RCU. Takes no lock.
 */
void resident_of_net(const void *net, u64 id, struct residents *all)
{
	const struct place *place = home_place(HOME_NET, net);
	int patience = PATIENCE;

	all->n = 0;
	all->more = false;
	if (!place || place->id != id)
		return;
	residents_add_all(all, &place->tenants, &patience);
	residents_add_all(all, &place->strays, &patience);
}
