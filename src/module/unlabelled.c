// SPDX-License-Identifier: GPL-2.0
/*
 * No container in silence: if process 1 of a PID namespace executes a program and
 * carries nothing, a record says so, once for each namespace. What is registered by a
 * runtime's hook carries its ID by then.
 *
 * An ordinary user can make such namespaces as fast as processes: records are limited to
 * so many in a time, and what that passes over is counted. It takes a user namespace of
 * one's own to make one, so that these have a limit apart: what root starts is not passed
 * over for what users do, and neither is what root starts in a user namespace. Root of a
 * container that has none and that nobody registered counts as root.
 */
#include <linux/cred.h>
#include <linux/gfp.h>
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/ratelimit.h>
#include <linux/sched/signal.h>
#include <linux/user_namespace.h>

#include "record.h"
#include "registry.h"
#include "unlabelled.h"

#define INTERVAL (60 * HZ)
#define BURST	 100

static bool unlabelled = true;
module_param(unlabelled, bool, 0644);
MODULE_PARM_DESC(unlabelled, "record a PID namespace's first program if that has no contid");

static DEFINE_RATELIMIT_STATE(limit, INTERVAL, BURST);
static DEFINE_RATELIMIT_STATE(users_limit, INTERVAL, BURST);
static atomic64_t seen = ATOMIC64_INIT(0);
static atomic64_t passed = ATOMIC64_INIT(0);

/** unlabelled_init - what is passed over is counted, and not told to the kernel's log */
void unlabelled_init(void)
{
	ratelimit_set_flags(&limit, RATELIMIT_MSG_ON_RELEASE);
	ratelimit_set_flags(&users_limit, RATELIMIT_MSG_ON_RELEASE);
}

/*
 * The entry of process 1 remembers it for as long as its namespace lives. Without memory
 * for that it may be on record twice, which is better than never.
 * Return: whether current carries nothing, and is not on record.
 */
static bool is_first(void)
{
	struct process *spare = process_alloc_atomic();
	struct pid *tgid = task_tgid(current);
	struct process *process;
	bool first = true;

	process = process_lock(tgid);
	if (process) {
		first = !process->container && !(process->flags & PROCESS_NOTED);
		process->flags |= PROCESS_NOTED;
	} else if (spare) {
		process_insert(spare, tgid, NULL, PROCESS_NOTED);
		spare = NULL;
	}
	process_unlock(tgid);
	process_free(spare);
	return first;
}

/* Has root of the host made the outermost user namespace that current is in, if any? */
static bool is_roots(void)
{
	const struct user_namespace *ns = current_user_ns();

	while (ns->parent && ns->parent != &init_user_ns)
		ns = ns->parent;
	return ns == &init_user_ns || uid_eq(ns->owner, GLOBAL_ROOT_UID);
}

/**
 * unlabelled_exec - process 1 of a PID namespace executes a program
 *
 * Context: the handler of exec, once current is adopted, if it has to be.
 */
void unlabelled_exec(void)
{
	const struct process *process = process_of(current);

	if (!READ_ONCE(unlabelled) || (process && READ_ONCE(process->container)) || !is_first())
		return;
	atomic64_inc(&seen);
	if (!__ratelimit(is_roots() ? &limit : &users_limit) || !record_unlabelled(current))
		atomic64_inc(&passed);
}

/**
 * unlabelled_stats - read the counters
 * @all: out: processes 1 that have executed something and carried nothing
 * @not_recorded: out: those among them that the limit has passed over
 */
void unlabelled_stats(u64 *all, u64 *not_recorded)
{
	*all = atomic64_read(&seen);
	*not_recorded = atomic64_read(&passed);
}
