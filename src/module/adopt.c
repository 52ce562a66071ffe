// SPDX-License-Identifier: GPL-2.0
/*
 * Entering a container's mount namespace: `docker exec`, nsenter and their like
 * are host processes until they call setns, and no runtime runs a hook for them.
 *
 * switch_task_namespaces() is where setns and unshare come into effect; nothing
 * can fail behind it. Its hook runs before the switch, in the task that switches
 * and that holds the namespace it goes to.
 */
#include <linux/nsproxy.h>
#include <linux/ptrace.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>

#include "adopt.h"
#include "compat.h"
#include "home.h"
#include "hooks.h"
#include "inherit.h"
#include "record.h"
#include "registry.h"
#include "tree.h"

static void adopt_into(struct container *c, struct task_struct *task, const void *ns,
		       const void *origin)
{
	struct process *spare = process_alloc(GFP_ATOMIC);
	struct pid *tgid = task_tgid(task);
	raw_spinlock_t *lock = process_lock(tgid);
	struct process *process;
	unsigned long flags;

	if (!spare) {
		inherit_kill(task, c);
		return;
	}
	/* a chain of descent that a tree is found by goes through here no more */
	if (tree_is_active())
		tree_parting();
	raw_spin_lock_irqsave(lock, flags);
	process = process_find(tgid);
	if ((!process || !process->container) && container_enter(c)) {
		container_get(c);
		spare->origin = origin;
		spare->exec_id = task->self_exec_id;
		spare->home = home_enter(ns);
		process_replace(process, spare, tgid, c, PROCESS_ADOPTED);
		containers_changed();
		spare = NULL;
	}
	raw_spin_unlock_irqrestore(lock, flags);
	if (!spare)
		record_adopt("adopt", c, task, 0);
	process_free(spare);
}

static void adopt(struct task_struct *task, const void *ns, const void *origin)
{
	struct resident resident;

	home_residents(ns, &resident);
	if (resident.c)
		adopt_into(resident.c, task, ns, origin);
	else if (resident.shared)
		record_adopt("adopt", resident.shared, task, -ENOTUNIQ);
	resident_put(&resident);
}

/**
 * adopt_child_of_thread - a thread of a host process has a child
 * @child: the child, which has never run
 *
 * One thread of a process may have entered alone: its process is a host process
 * still, what it forks is not. A process that was in there before the container
 * was registered is one of the host's, and so are its children; that is told by
 * its leader. Where that has exited it can not be told, and the child is adopted:
 * rather a host process too many in the container than one of it outside.
 *
 * Context: the handler of fork.
 */
void adopt_child_of_thread(struct task_struct *child)
{
	const void *ns = home_ns_of(child);
	struct task_struct *leader = current->group_leader;
	bool resident;

	task_lock(leader);
	resident = home_ns_of(leader) == ns;
	task_unlock(leader);
	if (!resident)
		adopt(child, ns, NULL);
}

/*
 * Back where it came from, with the program that left from there: a host tool
 * that had a look into the container. A program that was started inside is the
 * container's, wherever it goes; and so is who goes where others live, at an
 * address that was used again. One that is being registered has to stay.
 */
static bool adopt_goes_back(const struct process *process, const void *ns, bool lived_in)
{
	return (process->flags & PROCESS_ADOPTED) &&
	       !(process->flags & (PROCESS_REGISTERED | PROCESS_JUDGED)) && !lived_in &&
	       process->origin == ns && process->exec_id == current->self_exec_id;
}

/* A labelled process keeps its label, and changes its home. */
static void adopt_move(struct pid *tgid, const void *ns, bool fresh, bool alone)
{
	raw_spinlock_t *lock = process_lock(tgid);
	struct resident there = {};
	struct container *c = NULL;
	struct home *home = NULL;
	struct process *process;
	unsigned long flags;
	bool back = false, is_own = false;

	if (!fresh)
		home_residents(ns, &there);
	if (tree_is_active())
		tree_parting();
	raw_spin_lock_irqsave(lock, flags);
	process = process_find(tgid);
	if (process && process->container) {
		c = process->container;
		container_get(c);
		is_own = there.c && container_encloses(there.c, c);
		back = alone && !fresh && adopt_goes_back(process, ns, there.c || there.shared);
		/* a thread that goes alone leaves the others at home */
		if (alone && !back) {
			home = process->home;
			WRITE_ONCE(process->home, fresh || is_own ? home_enter(ns) : NULL);
		}
		if (back) {
			process_remove(process);
			containers_changed();
		}
	}
	raw_spin_unlock_irqrestore(lock, flags);
	home_leave(home);
	if (back) {
		record_adopt("leave", c, current, 0);
		container_leave(c, pid_nr(tgid));
	} else if (c && there.c && !is_own) {
		record_adopt("adopt", there.c, current, -EEXIST);
	}
	if (c)
		container_put(c);
	resident_put(&there);
}

/**
 * hook_namespaces - switch_task_namespaces(p, new)
 * @kprobe: counts
 * @regs: p is the first argument, new the second
 *
 * Also called by exec (for the time namespace), and with NULL by exit.
 */
int hook_namespaces(struct kprobe *kprobe, struct pt_regs *regs)
{
	struct task_struct *p = (void *)regs_get_kernel_argument(regs, 0);
	struct nsproxy *new = (void *)regs_get_kernel_argument(regs, 1);
	const struct process *process;
	bool fresh, alone;

	hook_count(kprobe);
	if (!new || p != current || new->mnt_ns == home_ns_of(p))
		return 0;
	/*
	 * A namespace that was made just now has no other user. Newer kernels do not
	 * count the users of the host's own, which always reads as one.
	 */
	fresh = contid_ns_refs((void *)new->mnt_ns) == 1 && !home_is_host(new->mnt_ns);
	alone = atomic_read(&p->signal->live) == 1;
	process = process_find(task_tgid(p));
	if (process && READ_ONCE(process->container))
		adopt_move(task_tgid(p), new->mnt_ns, fresh, alone);
	else if (alone && !fresh)
		adopt(p, new->mnt_ns, home_ns_of(p));
	return 0;
}

/**
 * adopt_settle - a process was registered: its mount namespace becomes its home
 * @task: the process, kept alive by the caller
 *
 * The orchestrator's own namespace is nobody's home.
 *
 * Context: process context; takes task_lock() and then the process's lock.
 */
void adopt_settle(struct task_struct *task)
{
	struct process *process;
	raw_spinlock_t *lock;
	unsigned long flags;
	struct pid *tgid;
	const void *ns;

	rcu_read_lock();
	task_lock(task);
	ns = home_ns_of(task);
	tgid = task_tgid(task);
	if (ns && tgid && ns != home_ns_of(current)) {
		lock = process_lock(tgid);
		raw_spin_lock_irqsave(lock, flags);
		process = process_find(tgid);
		if (process && process->container && !process->home &&
		    !(process->flags & PROCESS_DEAD))
			WRITE_ONCE(process->home, home_enter(ns));
		raw_spin_unlock_irqrestore(lock, flags);
	}
	task_unlock(task);
	rcu_read_unlock();
}
