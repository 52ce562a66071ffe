// SPDX-License-Identifier: GPL-2.0
/* A label's way through fork, exit and release. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/gfp.h>
#include <linux/nsproxy.h>
#include <linux/percpu.h>
#include <linux/sched/signal.h>

#include "home.h"
#include "inherit.h"
#include "leave.h"
#include "object.h"
#include "record.h"
#include "registry.h"
#include "resident.h"

static DEFINE_PER_CPU(u64, inherited);
static atomic64_t failed = ATOMIC64_INIT(0);
static atomic64_t stale = ATOMIC64_INIT(0);

/*
 * The container that a child of current's inherits, with what container_inherit() takes, and
 * its home. If a registration is judging the parent, the parent's entry says so.
 */
static struct container *inherit_from(const struct nsproxy *in, struct home **home)
{
	u32 hash = process_hash(current->tgid);
	struct container *c = NULL;
	struct process *process;

	process_lock_at(hash);
	process = process_among(hash, task_tgid(current));
	if (process && process->flags & PROCESS_JUDGED)
		process->flags |= PROCESS_FORKED;
	if (process && process->container && !READ_ONCE(containers_closed)) {
		c = process->container;
		container_inherit(c);
		*home = process->home;
		if (unlikely(!home_share(*home, in)))
			*home = resident_child(process, in);
	}
	process_unlock_at(hash);
	return c;
}

/**
 * inherit_kill - better no process than one without its label
 * @task: it: a child that has not run yet, a tree's orphan, or current, which enters
 * @c: what it would carry, kept alive by the caller
 *
 * Context: handlers; no process's lock is held.
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
	struct process *process = process_alloc_atomic();
	u32 hash = process_hash(child->tgid);
	struct pid *tgid = task_tgid(child);

	if (!process) {
		inherit_kill(child, c);
		home_leave(home);
		leave_one(c, pid_nr(tgid));
		container_put(c);
		return;
	}
	process->home = home;
	process_lock_at(hash);
	process_insert_at(hash, process, tgid, c, 0);
	process_unlock_at(hash);
	this_cpu_inc(inherited);
}

/**
 * inherit_child - a child is born: it carries what its maker carries
 * @child: the child, which has never run
 *
 * Context: the handler of fork. Its maker, current, has an entry.
 * Return: false if that carries nothing.
 */
bool inherit_child(struct task_struct *child)
{
	struct home *home = NULL;
	struct container *c = inherit_from(child->nsproxy, &home);

	if (c)
		inherit_label(child, c, home);
	return c;
}

/*
 * Under its lock: the last thread of a process is gone. Seen by exit and again by
 * release, and by two threads at once: the first one counts.
 */
static __always_inline void process_ends(struct process *process, pid_t nr)
{
	process_assert_locked(process->pid);
	if (process->flags & PROCESS_DEAD)
		return;
	process->flags |= PROCESS_DEAD;
	home_leave(process->home);
	WRITE_ONCE(process->home, NULL);
	leave_one(process->container, nr);
}

/* Return: false if it carried nothing any more. */
static bool process_died(struct pid *tgid, bool gone)
{
	pid_t nr = process_nr(tgid);
	u32 hash = process_hash(nr);
	struct process *process;
	bool had = false;

	process_lock_at(hash);
	process = process_among(hash, tgid);
	if (process) {
		had = process->container;
		if (had)
			process_ends(process, nr);
		if (gone)
			process_remove(process);
	}
	process_unlock_at(hash);
	return had;
}

/**
 * inherit_recheck - count the end of a process that died while another labelled it
 * @leader: its leader
 * @tgid: the process; its leader may have lost it by now
 *
 * If the process had no entry when the hooks of exit and release ran, they did not count
 * its end, and no later hook would remove the entry that was just added. So look now.
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
 * inherit_exited - the last thread of a process exits
 * @tgid: the process, current's
 *
 * Context: the handler of exit. It has an entry.
 */
void inherit_exited(struct pid *tgid)
{
	process_died(tgid, false);
}

/**
 * inherit_released - a process is reaped
 * @leader: its leader, whose number is its own for the last time
 *
 * Context: the handler of release. It has an entry.
 */
void inherit_released(struct task_struct *leader)
{
	u32 hash = process_hash(leader->tgid);
	struct container *c, *old = NULL;
	struct process *process;

	process_lock_at(hash);
	process = process_among(hash, task_tgid(leader));
	if (process) {
		c = process->container;
		if (c) {
			process_ends(process, leader->tgid);
			/* with the entry's reference */
			old = object_released(leader, hash, c);
		}
		if (process->home)
			home_leave(process->home);
		process_retire(process);
	}
	process_unlock_at(hash);
	if (old)
		container_put(old);
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

	if (containers_live())
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
