/* SPDX-License-Identifier: GPL-2.0 */
/* From a pidfd or a pid to a process. */
#ifndef CONTID_TARGET_H
#define CONTID_TARGET_H

#include <linux/audit_contid.h>
#include <linux/sched.h>

#define TARGET_FLAGS (AUDIT_CONTID_PIDFD | AUDIT_CONTID_PID)

/**
 * target_is_one - does a caller name its target in exactly one way?
 * @flags: of the ioctl
 */
static inline bool target_is_one(u32 flags)
{
	flags &= TARGET_FLAGS;
	return flags == AUDIT_CONTID_PIDFD || flags == AUDIT_CONTID_PID;
}

/**
 * target_is_kthread - is it one of the kernel's own?
 * @task: any task
 */
static inline bool target_is_kthread(const struct task_struct *task)
{
	/* the task may change its other flags at this moment */
	return data_race(task->flags) & PF_KTHREAD;
}

bool target_is_unborn(struct pid *tgid);
struct task_struct *target_get(u32 flags, s32 target);

#endif
