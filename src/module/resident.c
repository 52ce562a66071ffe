// SPDX-License-Identifier: GPL-2.0
/*
 * The containers that live in a mount namespace.
 *
 * Those that have a home there (home.c). A home of whole processes is the
 * truth; that of a stray is a hint, which is compared with its threads. The homes and
 * threads that one look-up compares are limited, as a container chooses how many it has,
 * and how many containers it makes: if the limit is reached and nobody was found, the
 * next stray is believed, and of more homes than that the outermost container that was
 * found. Labelling a host process by mistake is better than missing one that entered the
 * container.
 */
#include <linux/cred.h>
#include <linux/ns_common.h>
#include <linux/pid.h>
#include <linux/proc_ns.h>
#include <linux/rculist.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/user_namespace.h>

#include "compat.h"
#include "home.h"
#include "lone.h"
#include "registry.h"
#include "resident.h"

/* homes, and threads of strays, that one look-up compares */
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
 * Homes of whole processes. A container that was let go (release.c) may have one of a
 * thread still: it lives nowhere.
 */
static void search_homes(struct search *search, const struct place *place)
{
	const struct home *home;

	hlist_for_each_entry_rcu(home, &place->homes, node) {
		if (search->patience-- <= 0) {
			search_outwards(search);
			return;
		}
		if (atomic_read(&home->c->live))
			search_add(search, home->c);
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
 * resident_find - find the container that lives in a namespace
 * @ns: the namespace, which the caller keeps alive
 * @resident: the answer, to be given back by resident_put()
 *
 * Context: handlers, with no lock held. Takes task_lock() of strays' threads.
 */
void resident_find(const void *ns, struct resident *resident)
{
	struct search search = { .patience = PATIENCE };
	const struct place *place;
	const struct home *home;

	resident->c = NULL;
	resident->shared = NULL;
	rcu_read_lock();
	place = home_place(ns);
	if (!place)
		goto out;
	search_homes(&search, place);
	hlist_for_each_entry_rcu(home, &place->strays, node) {
		if (search.patience <= 0 && search.any)
			break;
		if (stray_is_in(home->stray, ns, &search))
			search_add(&search, home->c);
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
	own = home_enter(home->place->ns, process->container, process->pid);
	if (!own)
		return;
	WRITE_ONCE(process->home, own);
	home_leave(home);
}

/*
 * The namespace of a process's first thread that is in one at all: its leader may have
 * exited. Under RCU.
 */
static const void *process_ns(struct task_struct *task)
{
	struct task_struct *thread;
	const void *ns = NULL;

	for_each_thread(task, thread) {
		task_lock(thread);
		ns = home_ns_of(thread);
		task_unlock(thread);
		if (ns)
			break;
	}
	return ns;
}

/**
 * resident_settle - a process was registered: its mount namespace becomes its home
 * @task: the process, kept alive by the caller
 *
 * As that of a stray: it may be on its way to another namespace at this moment, with
 * the hook behind it since before it had a label. The orchestrator's own namespace is
 * nobody's home.
 *
 * Context: process context; takes task_lock(), and then the process's lock.
 */
void resident_settle(struct task_struct *task)
{
	struct process *process;
	struct pid *tgid;
	const void *ns;

	rcu_read_lock();
	tgid = task_tgid(task);
	ns = tgid ? process_ns(task) : NULL;
	if (ns && ns != home_ns_of(current)) {
		process = process_lock(tgid);
		if (process && process->container && !process->home &&
		    !(process->flags & PROCESS_DEAD))
			WRITE_ONCE(process->home, home_enter(ns, process->container, tgid));
		process_unlock(tgid);
	}
	rcu_read_unlock();
}

/* A stray is none any more: all its threads are in @ns, in which it is at home. */
static void stray_ends(struct process *process, const void *ns)
{
	struct home *home = process->home, *shared;

	shared = home_enter(ns, process->container, NULL);
	if (!shared)
		return;
	WRITE_ONCE(process->home, shared);
	home_leave(home);
}

/**
 * resident_child - the home of a child that is about to run
 * @parent: the entry of current, which carries a container
 * @ns: the child's namespace
 *
 * If current is the only thread, it is not on its way to another namespace, as it is
 * here: so a stray that is at home is one no longer, and its children share its home.
 *
 * Context: the handler of fork, under the parent's lock.
 * Return: the home, to be given back by home_leave(), or NULL.
 */
struct home *resident_child(struct process *parent, const void *ns)
{
	struct home *home = parent->home;

	if (home && unlikely(home->stray) && atomic_read(&current->signal->live) == 1 &&
	    home->place->ns == home_ns_of(current))
		stray_ends(parent, home->place->ns);
	home = home_share(parent->home, ns, parent->container);
	if (!home && lone_is_home(ns))
		home = home_enter(ns, parent->container, NULL);
	return home;
}

/**
 * resident_alone - a stray has one thread only from now on, current
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
	struct home *home = process->home;

	if (!home || !home->stray)
		return;
	if (home->place->ns == ns || resident_is_own(ns, process->container, there)) {
		stray_ends(process, ns);
	} else {
		WRITE_ONCE(process->home, NULL);
		home_leave(home);
	}
}
