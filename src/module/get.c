// SPDX-License-Identifier: GPL-2.0
/* Reading what a process carries, for orchestrators that enclose it. */
#include <linux/rcupdate.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/string.h>

#include "get.h"
#include "registry.h"
#include "target.h"

/* Under the process's lock. */
static u32 origin_of(const struct process *process)
{
	if (!process->container)
		return 0;
	if (process->flags & PROCESS_REGISTERED)
		return AUDIT_CONTID_ORIGIN_REGISTERED;
	if (process->flags & PROCESS_ADOPTED)
		return AUDIT_CONTID_ORIGIN_ADOPTED;
	return AUDIT_CONTID_ORIGIN_INHERITED;
}

/* Under rcu_read_lock(), which keeps the container; the two are of the same moment. */
static struct container *container_and_origin(struct pid *tgid, u32 *origin)
{
	struct container *c = NULL;
	struct process *process;

	process = process_lock(tgid);
	if (process) {
		c = process->container;
		*origin = origin_of(process);
	}
	process_unlock(tgid);
	return c;
}

/**
 * get_process - AUDIT_CONTID_IOC_GET
 * @arg: in and out
 *
 * Context: may sleep.
 */
int get_process(struct audit_contid_get *arg)
{
	struct container *own, *c;
	struct task_struct *task;
	struct pid *tgid;
	int err = 0;

	if ((arg->flags & ~TARGET_FLAGS) || !target_is_one(arg->flags) || arg->depth ||
	    arg->origin || memchr_inv(arg->contid, 0, sizeof(arg->contid)) ||
	    memchr_inv(arg->reserved, 0, sizeof(arg->reserved)))
		return -EINVAL;
	task = target_get(arg->flags, arg->target);
	if (IS_ERR(task))
		return PTR_ERR(task);
	own = container_of_process(task_tgid(current));
	rcu_read_lock();
	tgid = process_tgid(task);
	if (!tgid || !atomic_read(&task->signal->live) || target_is_unborn(tgid)) {
		err = -ESRCH;
	} else if (target_is_kthread(task)) {
		err = -EINVAL;
	} else {
		c = container_and_origin(tgid, &arg->origin);
		if (!container_encloses(own, c))
			err = -EXDEV;
		for (; !err && c; c = c->parent)
			arg->contid[arg->depth++] = c->id;
	}
	rcu_read_unlock();
	if (own)
		container_put(own);
	put_task_struct(task);
	return err;
}
