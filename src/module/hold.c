// SPDX-License-Identifier: GPL-2.0
/*
 * Threads that wait on their way to userspace, as their container has caused more records
 * than it may (rate.c).
 *
 * Why there, and why that is enough. A handler must not sleep, and what it interrupts may
 * hold any lock of the kernel's. Task work is run where the kernel itself closes files
 * (____fput(), which may wait for a server and takes any lock): when a system call, a fault
 * or an interrupt is over and nothing of the kernel's is held any more. A thread that waits
 * there keeps from others what it would keep if it were stopped by a signal, and no more.
 * And it cannot cause another record before it has been in userspace again.
 *
 * A signal ends the wait, so that a handler of the program runs at once, and so do a stop,
 * a tracer and the freezer. But what is owed stays owed: the hold is kept, and in the
 * thread's next wait the time up to the end of this one is firm. It is waited for
 * whatever signals there are, except a fatal one and the freezer, and a stop or a tracer
 * once a second. Else a thread would buy itself free by a signal for each record.
 *
 * A thread that exits never waits. One of io_uring's never is in userspace: the leader of
 * its process waits for it.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/hash.h>
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/rculist.h>
#include <linux/sched/jobctl.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/timekeeping.h>
#include <linux/wait.h>

#include "compat.h"
#include "container.h"
#include "hold.h"
#include "owed.h"
#include "parting.h"

#define HOLD_BITS 8
#define NAP	  HZ
#define FIRM_NAP  (HZ / 10)

/**
 * struct hold - a thread that has to wait
 * @node: in the table
 * @owed: its wait
 * @thread: it, to compare with only
 * @c: its container, with a reference
 * @until: when its records are paid for, nanoseconds of CLOCK_MONOTONIC; grows under the
 *	lock, but read without it
 * @firm: until then no signal is listened to
 * @epoch: that of the limits when @until was reckoned
 * @pending: its wait is queued, or goes on; if not, an earlier one was not waited for, and
 *	it goes with the thread's next one or exit, or by hold_sweep()
 * @rcu: for hook_exit, which looks for one without the lock
 */
struct hold {
	struct hlist_node node;
	struct owed owed;
	const struct task_struct *thread;
	struct container *c;
	u64 until;
	u64 firm;
	u32 epoch;
	bool pending;
	struct rcu_head rcu;
};

/* The lock guards its list, and what is in there; nothing is taken inside. */
static struct {
	raw_spinlock_t lock;
	struct hlist_head holds;
} ____cacheline_aligned_in_smp table[1 << HOLD_BITS];

static DECLARE_WAIT_QUEUE_HEAD(sleepers);
static bool stopped;
static atomic64_t missed = ATOMIC64_INIT(0);

static unsigned int place_of(const struct task_struct *thread)
{
	return hash_ptr(thread, HOLD_BITS);
}

/* Under the lock; or under RCU, to see whether there may be one. */
static struct hold *hold_find(const struct task_struct *thread)
{
	unsigned int place = place_of(thread);
	struct hold *hold;

	hlist_for_each_entry_rcu(hold, &table[place].holds, node,
				 lockdep_is_held(&table[place].lock)) {
		if (hold->thread == thread)
			return hold;
	}
	return NULL;
}

/* Of all limits that it is under: the reference to the innermost keeps the outer ones. */
static u32 epoch_of(const struct container *c)
{
	u32 sum = 0;

	for (; c; c = c->parent)
		sum += READ_ONCE(c->rate.epoch);
	return sum;
}

/* The module goes, the container was let go, or a limit is another one by now. */
static bool is_void(const struct hold *hold)
{
	return READ_ONCE(stopped) || !atomic_read(&hold->c->live) ||
	       hold->epoch != epoch_of(hold->c);
}

static void hold_free(struct hold *hold)
{
	container_put(hold->c);
	kfree_rcu(hold, rcu);
	partings_add(-1);
}

static void nap(const struct hold *hold, unsigned int state, u64 ns, long longest)
{
	long ticks = min_t(u64, nsecs_to_jiffies64(ns) + 1, longest);
	DEFINE_WAIT(wait);

	prepare_to_wait(&sleepers, &wait, state | CONTID_FREEZABLE);
	if (!is_void(hold) && !signal_pending_state(state, current))
		contid_freezable_nap(ticks);
	finish_wait(&sleepers, &wait);
}

/* A stop that no thread of the process has taken notice of yet. */
static bool is_to_stop(void)
{
	return sigismember(&current->pending.signal, SIGSTOP) ||
	       sigismember(&current->signal->shared_pending.signal, SIGSTOP);
}

/*
 * May a thread go although the time is firm? The freezer has it at once. A container can
 * stop and trace its own threads, and has that once a second.
 */
static bool must_stop(u64 waited)
{
	unsigned long wanted = READ_ONCE(current->jobctl);

	return (wanted & JOBCTL_TRAP_FREEZE) ||
	       (waited >= NSEC_PER_SEC && ((wanted & JOBCTL_PENDING_MASK) || is_to_stop()));
}

static void hold_wait(struct hold *hold)
{
	struct rate *rate = &hold->c->rate;
	u64 begun = ktime_get_ns(), now = begun, before, until;
	bool firm;

	while (!is_void(hold) && !fatal_signal_pending(current)) {
		firm = now < hold->firm;
		until = firm ? hold->firm : READ_ONCE(hold->until);
		if (now >= until || (firm ? must_stop(now - begun) : signal_pending(current)))
			break;
		if (now == begun)
			atomic64_inc(&rate->held);
		if (firm)
			nap(hold, TASK_KILLABLE | TASK_NOLOAD, until - now, FIRM_NAP);
		else
			nap(hold, TASK_INTERRUPTIBLE, until - now, NAP);
		before = now;
		now = ktime_get_ns();
		atomic64_add(now - before, &rate->held_ns);
	}
}

static void hold_pay(struct owed *owed)
{
	struct hold *hold = container_of(owed, struct hold, owed);
	bool exits = current->flags & PF_EXITING, over;
	unsigned int place = place_of(hold->thread);
	unsigned long flags;

	if (!exits)
		hold_wait(hold);
	raw_spin_lock_irqsave(&table[place].lock, flags);
	hold->pending = false;
	over = exits || is_void(hold) || ktime_get_ns() >= hold->until;
	if (over)
		hlist_del_rcu(&hold->node);
	raw_spin_unlock_irqrestore(&table[place].lock, flags);
	if (over)
		hold_free(hold);
	module_put(THIS_MODULE);
}

static struct hold *hold_make(const struct task_struct *thread, struct container *c)
{
	struct hold *hold = kzalloc(sizeof(*hold), GFP_ATOMIC | __GFP_NOWARN);

	if (!hold) {
		atomic64_inc(&missed);
		return NULL;
	}
	hold->thread = thread;
	hold->c = c;
	container_get(c);
	owed_prepare(&hold->owed, hold_pay);
	partings_add(1);
	return hold;
}

/*
 * Under the lock: the thread has to wait for longer.
 * Return: whether its wait has to be queued.
 */
static bool hold_extend(struct hold *hold, const struct debt *debt)
{
	u64 until = debt->until;
	bool begins = !hold->pending;

	if (begins) {
		/* what it has not waited for before; nothing, if the limit has changed since */
		hold->firm = is_void(hold) ? 0 : hold->until;
		if (debt->firm)
			hold->firm = until;
		hold->epoch = debt->epoch;
		WRITE_ONCE(hold->until, until);
		hold->pending = true;
	} else if (until > hold->until) {
		WRITE_ONCE(hold->until, until);
	}
	return begins;
}

/* The one that waits for a record of current's, or NULL. */
static struct task_struct *who_waits(void)
{
	struct task_struct *thread = current;

	/* the leader stays for as long as RCU's section of the handler does */
	if (thread->flags & CONTID_NO_USERSPACE)
		thread = READ_ONCE(thread->group_leader);
	/* it may change its other flags at this moment */
	return data_race(thread->flags) & (PF_EXITING | CONTID_NO_USERSPACE) ? NULL : thread;
}

/* Nobody has queued its wait: its thread exits, and takes no work any more. */
static void hold_drop(struct hold *hold)
{
	unsigned int place = place_of(hold->thread);
	unsigned long flags;

	raw_spin_lock_irqsave(&table[place].lock, flags);
	hlist_del_rcu(&hold->node);
	raw_spin_unlock_irqrestore(&table[place].lock, flags);
	hold_free(hold);
}

/*
 * A thread may sleep in the kernel for as long as it likes before it comes to its wait: unload
 * refuses meanwhile, rather than hangs.
 */
static bool hold_queue(struct task_struct *thread, struct hold *hold)
{
	if (!try_module_get(THIS_MODULE))
		return false;
	if (owed_by(thread, &hold->owed))
		return true;
	module_put(THIS_MODULE);
	return false;
}

/* Under the lock: forget one of another container that the thread was in before. */
static bool is_stale(const struct hold *hold, const struct container *c)
{
	return hold->c != c && !hold->pending;
}

static void hold_thread(struct task_struct *thread, struct container *c, const struct debt *debt)
{
	unsigned int place = place_of(thread);
	struct hold *fresh = NULL, *stale = NULL, *hold;
	unsigned long flags;
	bool queue;

	raw_spin_lock_irqsave(&table[place].lock, flags);
	hold = hold_find(thread);
	if (hold && is_stale(hold, c)) {
		hlist_del_rcu(&hold->node);
		stale = hold;
		hold = NULL;
	}
	if (!hold) {
		raw_spin_unlock_irqrestore(&table[place].lock, flags);
		fresh = hold_make(thread, c);
		raw_spin_lock_irqsave(&table[place].lock, flags);
		/* a worker of io_uring may have made one for its leader meanwhile */
		hold = hold_find(thread);
		if (!hold && fresh) {
			hold = fresh;
			fresh = NULL;
			hlist_add_head_rcu(&hold->node, &table[place].holds);
		}
	}
	queue = hold && hold_extend(hold, debt);
	raw_spin_unlock_irqrestore(&table[place].lock, flags);
	if (fresh)
		hold_free(fresh);
	if (stale)
		hold_free(stale);
	if (queue && !hold_queue(thread, hold))
		hold_drop(hold);
}

/**
 * hold_epoch - which limits a container is under
 * @c: the container
 *
 * Read before what they allow is reckoned: if one is changed meanwhile, nobody waits.
 */
u32 hold_epoch(const struct container *c)
{
	u32 epoch = epoch_of(c);

	/* pairs with the order in which rate_write() changes a limit */
	smp_rmb();
	return epoch;
}

/**
 * hold_until - have current wait on its way to userspace
 * @c: what it carries
 * @debt: until when, and by which limits
 *
 * Context: handlers, with no lock held.
 */
void hold_until(struct container *c, const struct debt *debt)
{
	struct task_struct *thread = who_waits();

	/* its last reference goes if current is just being let go */
	if (!thread || !container_tryget(c))
		return;
	hold_thread(thread, c, debt);
	container_put(c);
}

/**
 * hold_newborn - have a child wait before it does anything
 * @child: it; it has never run
 * @c: what it carries
 * @debt: until when, and by which limits
 *
 * Context: the handler of fork, with no lock held.
 */
void hold_newborn(struct task_struct *child, struct container *c, const struct debt *debt)
{
	if ((child->flags & CONTID_NO_USERSPACE) || !container_tryget(c))
		return;
	hold_thread(child, c, debt);
	container_put(c);
}

/**
 * hold_exits - current exits: what it owes is forgotten
 *
 * One that is pending goes in the task work of the exit. Others look here too, while anybody
 * owes: they find nothing, and take no lock.
 *
 * Context: the handler of exit.
 */
void hold_exits(void)
{
	unsigned int place = place_of(current);
	struct hold *hold;
	unsigned long flags;

	if (!hold_find(current))
		return;
	raw_spin_lock_irqsave(&table[place].lock, flags);
	hold = hold_find(current);
	if (hold && hold->pending)
		hold = NULL;
	if (hold)
		hlist_del_rcu(&hold->node);
	raw_spin_unlock_irqrestore(&table[place].lock, flags);
	if (hold)
		hold_free(hold);
}

/**
 * hold_wake - have all that wait look whether they still have to
 *
 * Context: may sleep.
 */
void hold_wake(void)
{
	wake_up_all(&sleepers);
}

/* One that nobody waits for, taken out; NULL if there is none in a bucket. */
static struct hold *hold_take_idle(unsigned int place)
{
	struct hold *hold;
	unsigned long flags;

	raw_spin_lock_irqsave(&table[place].lock, flags);
	hlist_for_each_entry(hold, &table[place].holds, node) {
		if (!hold->pending) {
			hlist_del_rcu(&hold->node);
			break;
		}
	}
	raw_spin_unlock_irqrestore(&table[place].lock, flags);
	return hold;
}

/**
 * hold_sweep - threads may have exited unseen, as the probes were off
 *
 * What the living have not waited for is forgotten with it.
 *
 * Context: may sleep.
 */
void hold_sweep(void)
{
	struct hold *hold;
	int i;

	for (i = 0; i < ARRAY_SIZE(table); i++) {
		while ((hold = hold_take_idle(i)))
			hold_free(hold);
	}
}

/** hold_missed - how many threads did not wait for want of memory */
u64 hold_missed(void)
{
	return atomic64_read(&missed);
}

/** hold_init - get ready. Before the hooks. */
void hold_init(void)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(table); i++)
		raw_spin_lock_init(&table[i].lock);
}

/** hold_stop - let all go that wait. No probe is attached any more. */
void hold_stop(void)
{
	WRITE_ONCE(stopped, true);
	hold_wake();
}

/** hold_exit - forget what threads still owe (rmmod -f, or let go). None waits any more. */
void hold_exit(void)
{
	struct hlist_node *next;
	struct hold *hold;
	int i;

	for (i = 0; i < ARRAY_SIZE(table); i++) {
		hlist_for_each_entry_safe(hold, next, &table[i].holds, node) {
			hlist_del_rcu(&hold->node);
			hold_free(hold);
		}
	}
}
