// SPDX-License-Identifier: GPL-2.0
/*
 * Entering a container's mount namespace: `docker exec`, nsenter and their like
 * are host processes until they call setns, and no runtime runs a hook for them.
 *
 * switch_task_namespaces() is where setns and unshare come into effect; nothing
 * can fail behind it. Its hook runs before the switch, in the task that switches
 * and that holds the namespace it goes to.
 *
 * A process with one thread is adopted there. If it has more it stays a host process,
 * as the others did not enter: `podman top` looks into containers so. But it is
 * remembered as a guest, with the namespace that it came from. What it forks, or
 * executes, while it is anywhere else and in a container's namespace, is adopted then.
 * A process that was in there before the container was registered is no guest.
 */
#include <linux/gfp.h>
#include <linux/nsproxy.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>

#include "adopt.h"
#include "compat.h"
#include "home.h"
#include "inherit.h"
#include "leave.h"
#include "lone.h"
#include "record.h"
#include "registry.h"
#include "resident.h"
#include "tree.h"

/*
 * @in becomes the home of @task, which is current with one thread, or has never run.
 * @origin: where it came from by setns, NULL if it did not.
 */
static void adopt_into(struct container *c, struct task_struct *task, const struct nsproxy *in,
		       const void *origin)
{
	struct process *spare = process_alloc_atomic();
	struct pid *tgid = task_tgid(task);
	struct process *process;

	if (!spare) {
		inherit_kill(task, c);
		return;
	}
	/* a chain of descent that a tree is found by goes through here no more */
	if (tree_is_active())
		tree_parting();
	process = process_lock(tgid);
	if ((!process || !process->container) && container_enter(c)) {
		container_get(c);
		spare->origin = origin;
		spare->exec_id = task->self_exec_id;
		spare->home = home_enter(in->mnt_ns, in->net_ns, c, NULL);
		process_replace(process, spare, tgid, c, PROCESS_ADOPTED);
		containers_changed();
		spare = NULL;
	}
	process_unlock(tgid);
	if (!spare)
		record_adopt("adopt", c, task, 0);
	process_free(spare);
}

/* The container that lives in @entered gets @task, whose home will be @in. */
static void adopt(struct task_struct *task, const void *entered, const struct nsproxy *in,
		  const void *origin)
{
	struct resident resident;

	resident_find(entered, &resident);
	if (resident.c)
		adopt_into(resident.c, task, in, origin);
	else if (resident.shared)
		record_adopt("adopt", resident.shared, task, -ENOTUNIQ);
	resident_put(&resident);
}

/* A thread of a host process goes alone to a namespace in which @c lives. */
static void guest_remember(struct container *c)
{
	struct process *spare = process_alloc_atomic();
	struct pid *tgid = task_tgid(current);
	struct process *process;
	bool done = true;

	process = process_lock(tgid);
	if (process && !process->container && !(process->flags & PROCESS_GUEST)) {
		/* it is being judged, or a tree's */
		process->flags |= PROCESS_GUEST;
		process->origin = home_ns_of(current);
	} else if (!process && spare) {
		spare->origin = home_ns_of(current);
		process_insert(spare, tgid, NULL, PROCESS_GUEST);
		spare = NULL;
	} else {
		done = process;
	}
	process_unlock(tgid);
	process_free(spare);
	if (!done)
		record_adopt("adopt", c, current, -ENOMEM);
}

static void guest_enters(const void *ns)
{
	struct resident resident;

	resident_find(ns, &resident);
	if (resident.c)
		guest_remember(resident.c);
	else if (resident.shared)
		guest_remember(resident.shared);
	resident_put(&resident);
}

/*
 * Current's process is one thread from now on, and so no guest: either it is adopted
 * or it is where it came from.
 * Return: whether it was one; then @origin is where it came from.
 */
static bool guest_forget(const void **origin)
{
	struct pid *tgid = task_tgid(current);
	struct process *process;
	bool was;

	process = process_lock(tgid);
	was = process && !process->container && (process->flags & PROCESS_GUEST);
	if (was) {
		*origin = process->origin;
		process->flags &= ~PROCESS_GUEST;
		/* what a tree has marked, tree_end() removes */
		if (process_is_empty(process) && !tree_is_active())
			process_remove(process);
	}
	process_unlock(tgid);
	return was;
}

/**
 * adopt_child - a process that carries nothing, but has an entry, has a child
 * @child: the child, which has never run
 *
 * The child of a guest is in the namespace of the thread that made it, or in one that
 * was made of that.
 *
 * Context: the handler of fork.
 */
void adopt_child(struct task_struct *child)
{
	const void *ns = home_ns_of(current), *origin = NULL;
	struct pid *tgid = task_tgid(current);
	struct process *process;
	bool guest;

	process = process_lock(tgid);
	guest = process && !process->container && (process->flags & PROCESS_GUEST);
	if (guest)
		origin = process->origin;
	process_unlock(tgid);
	if (guest && ns != origin)
		adopt(child, ns, child->nsproxy, NULL);
}

/**
 * adopt_thread_born - current has made a thread that has namespaces of its own
 * @thread: the thread, which has never run, and whose namespaces were made with it
 *
 * Context: the handler of fork.
 */
void adopt_thread_born(struct task_struct *thread)
{
	const void *mnt = home_ns_of(thread), *net = home_net_of(thread);
	struct pid *tgid = task_tgid(current);
	struct container *c = NULL;
	struct process *process;

	if (mnt == home_ns_of(current)) {
		if (net == home_net_of(current)) {
			lone_born(thread);
			return;
		}
		mnt = lone_is_home(mnt) ? mnt : NULL;
	}
	process = process_lock(tgid);
	if (process && process->container) {
		c = process->container;
		container_get(c);
		resident_stray(process);
	}
	process_unlock(tgid);
	if (!c)
		return;
	lone_moves(thread, mnt, net, c);
	container_put(c);
}

/* A labelled process that was a stray, or had no home, has one thread from now on. */
static void adopt_stray_executes(const void *ns)
{
	struct pid *tgid = task_tgid(current);
	struct resident there;
	struct process *process;

	resident_find(ns, &there);
	process = process_lock(tgid);
	if (process && process->container)
		resident_alone(process, ns, &there);
	process_unlock(tgid);
	resident_put(&there);
}

/**
 * adopt_exec - current executes a program, and its other threads are gone
 *
 * Context: the handler of exec. Current has an entry.
 */
void adopt_exec(void)
{
	const struct process *process = process_of(current);
	const void *ns = home_ns_of(current), *origin;
	const struct home *home;

	/* a release, or a registration that was refused, may have taken it away by now */
	if (!process)
		return;
	if (READ_ONCE(process->container)) {
		home = READ_ONCE(process->home);
		if (home ? !!home->stray : home_is_any(NULL, home_net_of(current)))
			adopt_stray_executes(ns);
	} else if (guest_forget(&origin) && ns != origin) {
		adopt(current, ns, current->nsproxy, NULL);
	}
}

/*
 * Back where it came from, with the program that left from there: a host tool
 * that had a look into the container. A program that was started inside is the
 * container's, wherever it goes. So is a process that goes to a namespace in which others
 * live: that is at an address which was used again. One that is being registered has to stay.
 */
static bool adopt_goes_back(const struct process *process, const void *ns, bool lived_in)
{
	return (process->flags & PROCESS_ADOPTED) &&
	       !(process->flags & (PROCESS_REGISTERED | PROCESS_JUDGED)) && !lived_in &&
	       process->origin == ns && process->exec_id == current->self_exec_id;
}

/* A labelled process keeps its label, and changes its home. */
static void adopt_move(struct pid *tgid, const struct nsproxy *to, bool fresh, bool alone)
{
	const void *ns = to->mnt_ns, *net = to->net_ns;
	struct resident there = {};
	struct container *c = NULL;
	struct process *process;
	bool back = false, is_own = false, at_home = false;

	if (!fresh)
		resident_find(ns, &there);
	if (tree_is_active())
		tree_parting();
	process = process_lock(tgid);
	if (process && process->container) {
		c = process->container;
		container_get(c);
		is_own = !home_is_host(ns) && resident_is_own(ns, c, &there);
		at_home = fresh || is_own;
		back = alone && !fresh && adopt_goes_back(process, ns, there.c || there.shared);
		if (back) {
			process_remove(process);
			containers_changed();
		} else if (alone) {
			resident_moves(process, at_home ? ns : NULL, net);
		} else {
			/* a thread that goes alone leaves the others at home */
			resident_stray(process);
			/* one that comes back is there with them */
			at_home &= home_at(process->home, HOME_MNT) != ns;
			if (!at_home && home_at(process->home, HOME_NET) == net)
				net = NULL;
		}
	}
	process_unlock(tgid);
	lone_moves(current, !alone && at_home ? ns : NULL, alone ? NULL : net, c);
	if (back) {
		record_adopt("leave", c, current, 0);
		leave_one(c, pid_nr(tgid));
	} else if (c && there.c && !is_own) {
		record_adopt("adopt", there.c, current, -EEXIST);
	}
	if (c)
		container_put(c);
	resident_put(&there);
}

/**
 * adopt_switch - current goes to another mount namespace
 * @to: its namespaces then, which the caller holds
 *
 * Context: the handler of switch_task_namespaces(), before the switch.
 */
void adopt_switch(const struct nsproxy *to)
{
	const struct process *process = process_of(current);
	bool alone = atomic_read(&current->signal->live) == 1;
	const void *ns = to->mnt_ns, *left = home_ns_of(current), *origin;
	bool fresh;

	/*
	 * A namespace that was made just now has no other user. Newer kernels do not
	 * count the users of the host's own, which always reads as one.
	 */
	fresh = contid_mnt_refs(ns) == 1 && !home_is_host(ns);
	if (fresh)
		home_forget(ns);
	else
		home_check(ns);
	if (process && READ_ONCE(process->container)) {
		adopt_move(task_tgid(current), to, fresh, alone);
		return;
	}
	/* a guest whose other threads are gone, in a copy of the namespace that it entered */
	if (process && alone && guest_forget(&origin) && fresh && left != origin)
		adopt(current, left, to, NULL);
	if (fresh)
		return;
	if (alone)
		adopt(current, ns, to, home_ns_of(current));
	else
		guest_enters(ns);
}

/**
 * adopt_switch_net - current goes to another network namespace, and to no other mount namespace
 * @net: that, which the caller holds
 *
 * Nobody is adopted by that. A labelled process is counted where it goes.
 *
 * Context: the handler of switch_task_namespaces(), before the switch.
 */
void adopt_switch_net(const void *net)
{
	const void *ns = home_ns_of(current), *mnt = lone_is_home(ns) ? ns : NULL;
	bool alone = atomic_read(&current->signal->live) == 1;
	struct pid *tgid = task_tgid(current);
	struct container *c = NULL;
	struct process *process;

	process = process_lock(tgid);
	if (process && process->container) {
		c = process->container;
		container_get(c);
		if (!alone)
			resident_stray(process);
		else
			resident_moves(process, home_at(process->home, HOME_MNT) == ns ? ns : mnt,
				       net);
		/* one that comes back to the others is there with them */
		if (alone || (!mnt && home_at(process->home, HOME_NET) == net))
			net = NULL;
	}
	process_unlock(tgid);
	if (!c)
		return;
	lone_moves(current, alone ? NULL : mnt, net, c);
	container_put(c);
}
