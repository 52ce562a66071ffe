// SPDX-License-Identifier: GPL-2.0
/*
 * How many records a container may cause in a second. Audit has one queue for the whole
 * machine: a container that fills it makes the others lose theirs. Whoever causes too many
 * has to wait (hold.c); no record is kept out.
 *
 * Each container with a limit has a time at which all its records so far are paid for.
 * A record moves it on by an interval, from now on at the earliest, and may move it ahead
 * of the clock by the burst. What goes beyond is waited for, by the thread that caused the
 * record, until the clock has come that far. So threads go on one after the other, in
 * the order of their records, and all together keep to the limit. It takes one
 * compare-and-exchange of a word, and no lock.
 *
 * A record counts for its container and for each one around that, and its thread
 * waits for the longest of these. Nobody else waits: not the host, whose records count
 * for nobody, and not a container beside it.
 *
 * A fork in a container that is behind counts like a record, and its child waits before it
 * does anything. Else a child would have a system call of its own before it waits, and a
 * family in which one kills another would have as many of these as it likes.
 *
 * What is paid for is never further ahead than burst and DEBT_MAX: so no thread waits longer
 * than that for what was caused before, whatever a single system call has left.
 */
#include <linux/kernel.h>
#include <linux/moduleparam.h>
#include <linux/mutex.h>
#include <linux/sched/signal.h>
#include <linux/string.h>
#include <linux/timekeeping.h>

#include "compat.h"
#include "hold.h"
#include "rate.h"
#include "record.h"
#include "registry.h"

#define DEBT_MAX (60ULL * NSEC_PER_SEC)

/* of containers that are registered from now on */
static unsigned int default_rate;
static unsigned int default_burst;
static bool ready;
/* one limit is set at a time: what it was before is in the record, and is counted */
static DEFINE_MUTEX(setting);

static int set_default(const char *text, const struct kernel_param *kp)
{
	unsigned int *number = kp->arg, n;
	int err = kstrtouint(text, 0, &n);

	if (!err && n > AUDIT_CONTID_RATE_MAX)
		err = -ERANGE;
	if (!err)
		WRITE_ONCE(*number, n);
	if (ready)
		record_rate(&(struct rating){
			.rate = default_rate,
			.burst = default_burst,
			.err = err,
		});
	return err;
}

static const struct kernel_param_ops default_ops = {
	.set = set_default,
	.get = param_get_uint,
};

module_param_cb(rate, &default_ops, &default_rate, 0644);
MODULE_PARM_DESC(rate,
		 "audit records a second of a new container, more have to wait (0: no limit)");
module_param_cb(burst, &default_ops, &default_burst, 0644);
MODULE_PARM_DESC(burst, "of these so many at once (0: those of a second)");

static void rate_write(struct container *c, u32 per_second, u32 burst)
{
	struct rate *rate = &c->rate;

	WRITE_ONCE(rate->per_second, per_second);
	WRITE_ONCE(rate->burst, burst);
	/* a record that is charged meanwhile may take one of each: that is one record */
	WRITE_ONCE(rate->interval, per_second ? NSEC_PER_SEC / per_second : 0);
	WRITE_ONCE(rate->credit, rate->interval * burst);
	atomic64_set(&rate->due, 0);
	/* pairs with the one in hold_epoch() */
	smp_wmb();
	WRITE_ONCE(rate->epoch, rate->epoch + 1);
	container_rate_changed(c);
}

/* What no burst is asked for has the records of a second. */
static u32 burst_of(u32 per_second, u32 burst)
{
	return per_second && !burst ? per_second : burst;
}

/**
 * rate_prepare - give a container the limit of the parameters
 * @c: the container, which nobody can find yet
 */
void rate_prepare(struct container *c)
{
	u32 per_second = READ_ONCE(default_rate);

	if (per_second)
		rate_write(c, per_second, burst_of(per_second, READ_ONCE(default_burst)));
}

/* Return: until when to wait, 0 if not at all. */
static u64 take(struct rate *rate, u64 now)
{
	u64 interval = READ_ONCE(rate->interval), credit = READ_ONCE(rate->credit), next;
	s64 due;

	if (!interval)
		return 0;
	due = atomic64_read(&rate->due);
	do {
		next = min(max_t(u64, due, now) + interval, now + credit + DEBT_MAX);
	} while (!atomic64_try_cmpxchg(&rate->due, &due, next));
	return next > now + credit ? next - credit : 0;
}

/* Return: whether there is anything to wait for. */
static bool charge(struct container *c, u64 now, struct debt *debt)
{
	struct container *each;

	*debt = (struct debt){ .epoch = hold_epoch(c) };
	for (each = c; each; each = each->parent)
		debt->until = max(debt->until, take(&each->rate, now));
	if (debt->until)
		hold_until(c, debt);
	return debt->until;
}

static bool is_behind(struct container *c, u64 now)
{
	for (; c; c = c->parent) {
		struct rate *rate = &c->rate;

		if (READ_ONCE(rate->interval) &&
		    (u64)atomic64_read(&rate->due) > now + READ_ONCE(rate->credit))
			return true;
	}
	return false;
}

/**
 * rate_charge_record - rate_record(), if any container has a limit
 *
 * Context: the handler of a record's end.
 */
void rate_charge_record(void)
{
	struct container *c = container_of_subject();
	struct debt debt;

	if (c)
		charge(c, ktime_get_ns(), &debt);
}

/**
 * rate_charge_fork - rate_fork(), if any container has a limit
 * @child: the child
 *
 * Context: the handler of fork.
 */
void rate_charge_fork(struct task_struct *child)
{
	struct container *c = container_of_subject();
	u64 now = ktime_get_ns();
	struct debt debt;

	if (!c || !is_behind(c, now) || !charge(c, now, &debt))
		return;
	/* a signal is no way out: another process could send each child one */
	debt.firm = true;
	hold_newborn(child, c, &debt);
}

static int rate_check(const struct audit_contid_rate *arg)
{
	if (arg->flags || arg->reserved0 || memchr_inv(arg->reserved, 0, sizeof(arg->reserved)))
		return -EINVAL;
	if (arg->rate > AUDIT_CONTID_RATE_MAX || arg->burst > AUDIT_CONTID_RATE_MAX)
		return -ERANGE;
	return arg->burst && !arg->rate ? -EINVAL : 0;
}

/* A caller in a container learns nothing of those outside of its own, and keeps its own limit. */
static int rate_judge(const struct container *own, const struct container *c)
{
	if (!c || !container_encloses(own, c))
		return -ENOENT;
	return c == own ? -EXDEV : 0;
}

/**
 * rate_set - AUDIT_CONTID_IOC_RATE
 * @arg: a copy of what the caller passed
 *
 * Context: may sleep; the caller holds the capability.
 * Return: 0 or an error of the list in the UAPI header. Leaves a record.
 */
int rate_set(const struct audit_contid_rate *arg)
{
	struct container *own = container_of_process(task_tgid(current)), *c = NULL;
	struct rating rating = {
		.contid = &arg->contid,
		.rate = arg->rate,
		.burst = arg->burst,
	};

	rating.err = rate_check(arg);
	if (!rating.err) {
		c = container_find_get(&arg->contid);
		rating.err = rate_judge(own, c);
	}
	if (!rating.err) {
		mutex_lock(&setting);
		rating.burst = burst_of(arg->rate, arg->burst);
		rating.was_rate = c->rate.per_second;
		rating.was_burst = c->rate.burst;
		rating.c = c;
		rate_write(c, arg->rate, rating.burst);
		mutex_unlock(&setting);
		hold_wake();
	}
	record_rate(&rating);
	if (c)
		container_put(c);
	if (own)
		container_put(own);
	return rating.err;
}

/** rate_init - from here on each change of a parameter leaves a record */
void rate_init(void)
{
	ready = true;
}
