// SPDX-License-Identifier: GPL-2.0
/*
 * Whether the probes still fire. If they are ftrace's, kernel.ftrace_enabled=0 is refused
 * for as long as an ftrace_ops with FTRACE_OPS_FL_PERMANENT is registered; if they are
 * breakpoints (arm64), that sysctl is nothing to them. debugfs kprobes/enabled cannot be
 * refused: whether a probe of our own on a function of our own still fires says if it was
 * used.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/ftrace.h>
#include <linux/kprobes.h>
#include <linux/mutex.h>
#include <linux/workqueue.h>

#include "auditd.h"
#include "compat.h"
#include "hold.h"
#include "inherit.h"
#include "lone.h"
#include "record.h"
#include "watch.h"

#define INTERVAL (10 * HZ)

static atomic_t beats = ATOMIC_INIT(0);
static atomic_t on = ATOMIC_INIT(1);
static atomic64_t off_seen = ATOMIC64_INIT(0);
static DEFINE_MUTEX(sweeping);

static noinline void contid_heartbeat(void)
{
	/* keeps the call */
	barrier();
}

static int beat(struct kprobe *probe, struct pt_regs *regs)
{
	atomic_inc(&beats);
	return 0;
}

static struct kprobe probe = {
	.addr = (kprobe_opcode_t *)contid_heartbeat,
	.pre_handler = beat,
};

#ifdef CONFIG_KPROBES_ON_FTRACE
static void notrace watch_trace(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *ops,
				struct ftrace_regs *fregs)
{
}

static struct ftrace_ops permanent = {
	.func = watch_trace,
	.flags = FTRACE_OPS_FL_PERMANENT,
};

/* ftrace_free_filter() is exported since 6.2 only */
static void permanent_forget(void)
{
	ftrace_set_filter(&permanent, NULL, 0, 1);
}

static int permanent_register(void)
{
	/* the filter first: without one it would trace everything */
	int err = ftrace_set_filter_ip(&permanent, (unsigned long)contid_heartbeat, 0, 0);

	if (!err)
		err = register_ftrace_function(&permanent);
	if (err) {
		permanent_forget();
		pr_err("cannot keep ftrace switched on (%d): is kernel.ftrace_enabled 0? Probes would not fire\n",
		       err);
	}
	return err;
}

static void permanent_unregister(void)
{
	unregister_ftrace_function(&permanent);
	permanent_forget();
}
#else
static int permanent_register(void)
{
	return 0;
}

static void permanent_unregister(void)
{
}
#endif

static bool beats_now(void)
{
	int before = atomic_read(&beats);

	contid_heartbeat();
	return atomic_read(&beats) != before;
}

static void watch_off(void)
{
	atomic64_inc(&off_seen);
	pr_err("the probes were switched off (debugfs kprobes/enabled): nothing is inherited or tagged meanwhile\n");
	record_hooks(false);
}

/* What ended while nobody looked. */
static void sweep(void)
{
	mutex_lock(&sweeping);
	lone_sweep();
	hold_sweep();
	inherit_sweep();
	mutex_unlock(&sweeping);
}

/**
 * watch_check - do the probes fire? Records a change.
 *
 * Context: may sleep; no locks held.
 * Return: true if they do.
 */
bool watch_check(void)
{
	bool now = beats_now();

	if (atomic_xchg(&on, now) != now) {
		if (!now) {
			watch_off();
		} else {
			sweep();
			auditd_ask_soon();
			pr_notice("the probes fire again; what was born meanwhile has no contid\n");
			record_hooks(true);
		}
	}
	return now;
}

/** watch_off_seen - how often the probes were found switched off */
u64 watch_off_seen(void)
{
	return atomic64_read(&off_seen);
}

static void watch_work(struct work_struct *work)
{
	/* a death that no hook saw: they were off between two looks */
	if (watch_check() && inherit_sweep()) {
		sweep();
		watch_off();
	}
	schedule_delayed_work(to_delayed_work(work), INTERVAL);
}

static DECLARE_DELAYED_WORK(watch, watch_work);

/**
 * watch_init - see that probes fire, and go on looking
 *
 * Context: may sleep.
 * Return: -EBUSY if somebody has switched kprobes off, or ftrace that they need.
 */
int watch_init(void)
{
	int err = permanent_register();

	if (err)
		return err;
	err = register_kprobe(&probe);
	if (!err && !beats_now()) {
		unregister_kprobe(&probe);
		pr_err("kprobes are switched off: write 1 to debugfs kprobes/enabled\n");
		err = -EBUSY;
	}
	if (err) {
		permanent_unregister();
		return err;
	}
	schedule_delayed_work(&watch, INTERVAL);
	return 0;
}

/** watch_exit - stop looking. May sleep. */
void watch_exit(void)
{
	cancel_delayed_work_sync(&watch);
	unregister_kprobe(&probe);
	permanent_unregister();
}
