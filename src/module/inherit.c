// SPDX-License-Identifier: GPL-2.0
/*
 * A label's way through fork, exit and release.
 *
 * Handlers run at the entry of the probed function, in the task that called it,
 * with preemption off, which is an RCU read section. None sleeps.
 *
 * What they share with other CPUs: the lock of a process's bucket, the lock of a
 * grave's set, and the counters of the container and of the home that the process
 * is in. Locks of all (homes_lock, containers_lock) are taken only where a home or
 * a container ends or a namespace is entered; all else is per CPU.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/percpu.h>
#include <linux/ptrace.h>
#include <linux/sched/signal.h>

#include "adopt.h"
#include "home.h"
#include "hooks.h"
#include "inherit.h"
#include "object.h"
#include "record.h"
#include "registry.h"
#include "tree.h"

static DEFINE_PER_CPU(u64, inherited);
static atomic64_t failed = ATOMIC64_INIT(0);
static atomic64_t stale = ATOMIC64_INIT(0);

/*
 * The container that a child inherits, with what container_inherit() takes, and
 * its home. A registration that is judging the parent is told.
 */
static struct container *inherit_from(struct pid *parent, const void *ns, struct home **home)
{
	raw_spinlock_t *lock = process_lock(parent);
	struct container *c = NULL;
	struct process *process;
	unsigned long flags;

	raw_spin_lock_irqsave(lock, flags);
	process = process_find(parent);
	if (process && process->flags & PROCESS_JUDGED)
		process->flags |= PROCESS_FORKED;
	if (process && process->container && !READ_ONCE(containers_closed)) {
		c = process->container;
		container_inherit(c);
		*home = home_share(process->home, ns);
	}
	raw_spin_unlock_irqrestore(lock, flags);
	return c;
}

/**
 * inherit_kill - better no process than one without its label
 * @task: it, with no thread but one that has not run yet, or a tree's orphan
 * @c: what it would carry, kept alive by the caller
 *
 * Context: handlers; a process's lock may be held.
 */
void inherit_kill(struct task_struct *task, struct container *c)
{
	send_sig(SIGKILL, task, 1);
	atomic64_inc(&failed);
	record_inherit_failed(c, task->pid);
	pr_err_ratelimited("no memory for the label of pid %d, killed\n", task->pid);
}

/* Nobody was here before, not even a tree: the child was not born. */
static void inherit_label(struct task_struct *child, struct container *c, struct home *home)
{
	struct process *process = process_alloc(GFP_ATOMIC);
	struct pid *tgid = task_tgid(child);
	raw_spinlock_t *lock = process_lock(tgid);
	unsigned long flags;

	if (!process) {
		inherit_kill(child, c);
		home_leave(home);
		container_leave(c, pid_nr(tgid));
		container_put(c);
		return;
	}
	process->home = home;
	raw_spin_lock_irqsave(lock, flags);
	process_insert(process, tgid, c, 0);
	raw_spin_unlock_irqrestore(lock, flags);
	this_cpu_inc(inherited);
}

/* The parent has an entry; false where that carries nothing. */
static noinline bool inherit(struct task_struct *child)
{
	struct home *home = NULL;
	struct container *c = inherit_from(task_tgid(current), home_ns_of(child), &home);

	if (c)
		inherit_label(child, c, home);
	return c;
}

/**
 * hook_fork - wake_up_new_task(p): a child is complete and has never run
 * @kprobe: counts
 * @regs: p is the first argument
 *
 * Runs in the parent.
 */
int hook_fork(struct kprobe *kprobe, struct pt_regs *regs)
{
	struct task_struct *p = (void *)regs_get_kernel_argument(regs, 0);

	hook_count(kprobe);
	if (!thread_group_leader(p))
		return 0;
	/*
	 * Pairs with the barrier in register_open(): either this look-up finds
	 * the parent's entry, or that registration finds the child.
	 */
	smp_mb();
	if (!process_find(task_tgid(current)) || !inherit(p))
		adopt_child(p);
	if (tree_is_active())
		tree_forked(p);
	return 0;
}

/*
 * Under its lock: the last thread of a process is gone. Seen by exit and again by
 * release, and by two threads at once: the first one counts.
 */
static void process_ends(struct process *process, pid_t nr)
{
	if (process->flags & PROCESS_DEAD)
		return;
	process->flags |= PROCESS_DEAD;
	home_leave(process->home);
	WRITE_ONCE(process->home, NULL);
	container_leave(process->container, nr);
}

/* False where it carried nothing any more. */
static noinline bool process_died(struct pid *tgid, bool gone)
{
	raw_spinlock_t *lock = process_lock(tgid);
	struct process *process;
	unsigned long flags;
	bool had = false;

	raw_spin_lock_irqsave(lock, flags);
	process = process_find(tgid);
	if (process) {
		had = process->container;
		if (had)
			process_ends(process, pid_nr(tgid));
		if (gone)
			process_remove(process);
	}
	raw_spin_unlock_irqrestore(lock, flags);
	return had;
}

/**
 * inherit_recheck - a process was given a label by another: did it die meanwhile?
 * @leader: its leader
 * @tgid: the process; its leader may have lost it by now
 *
 * What had no entry when its exit and its release were seen got none of its end
 * counted, and nobody would come to take the entry away.
 *
 * Pairs with atomic_dec_and_test() of signal->live before the hook of exit, and with
 * the barrier in the hook of release, before which a leader is EXIT_DEAD: either
 * they find the entry, or this finds the process dead.
 *
 * Context: under rcu_read_lock(), or in handlers; no lock held.
 */
void inherit_recheck(struct task_struct *leader, struct pid *tgid)
{
	/* the label before the look at the process: see above */
	smp_mb();
	if (!atomic_read(&leader->signal->live))
		process_died(tgid, READ_ONCE(leader->exit_state) == EXIT_DEAD);
}

/**
 * hook_exit - exit_files(tsk): perhaps the last thread of a process
 * @kprobe: counts
 * @regs: tsk is the first argument; not current in fork's error path
 */
int hook_exit(struct kprobe *kprobe, struct pt_regs *regs)
{
	struct task_struct *tsk = (void *)regs_get_kernel_argument(regs, 0);

	hook_count(kprobe);
	if (tsk != current)
		return 0;
	if (tree_is_active())
		tree_parting();
	if (atomic_read(&tsk->signal->live))
		return 0;
	if (process_find(task_tgid(tsk)))
		process_died(task_tgid(tsk), false);
	return 0;
}

static noinline void released(struct task_struct *leader)
{
	struct pid *tgid = task_tgid(leader);
	raw_spinlock_t *lock = process_lock(tgid);
	struct container *c, *old = NULL;
	struct process *process;
	unsigned long flags;

	raw_spin_lock_irqsave(lock, flags);
	process = process_find(tgid);
	if (process) {
		c = process->container;
		if (c) {
			process_ends(process, leader->tgid);
			/* with the entry's reference */
			old = object_released(leader, c);
			/* pairs with smp_rmb() in object_of(): no entry, but a grave */
			smp_wmb();
		}
		if (process->home)
			home_leave(process->home);
		process_retire(process);
	}
	raw_spin_unlock_irqrestore(lock, flags);
	if (old)
		container_put(old);
}

/**
 * hook_release - cgroup_release(p): a task is reaped, its number still its own
 * @kprobe: counts
 * @regs: p is the first argument; runs in the parent or in p itself
 */
int hook_release(struct kprobe *kprobe, struct pt_regs *regs)
{
	struct task_struct *p = (void *)regs_get_kernel_argument(regs, 0);

	hook_count(kprobe);
	if (!thread_group_leader(p))
		return 0;
	/* pairs with the one in inherit_recheck() */
	smp_mb();
	if (process_find(task_tgid(p)))
		released(p);
	return 0;
}

static void sweep(struct process *process)
{
	struct task_struct *task = pid_task(process->pid, PIDTYPE_TGID);

	if (task && atomic_read(&task->signal->live))
		return;
	if (process_died(process->pid, !task) && !task)
		atomic64_inc(&stale);
}

/**
 * inherit_sweep - find the dead whose end was not seen, as the probes were off
 *
 * Context: may sleep.
 * Return: how many were reaped without our seeing it.
 */
u64 inherit_sweep(void)
{
	u64 before = atomic64_read(&stale);

	if (registry_containers())
		process_for_each(sweep);
	return atomic64_read(&stale) - before;
}

/**
 * inherit_stats - read the counters
 * @in: labels inherited
 * @fail: children killed for want of memory
 * @old: labels found without their process
 */
void inherit_stats(u64 *in, u64 *fail, u64 *old)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(per_cpu(inherited, cpu));
	*in = sum;
	*fail = atomic64_read(&failed);
	*old = atomic64_read(&stale);
}
