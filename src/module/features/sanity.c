// SPDX-License-Identifier: GPL-2.0
/* What every kernel has. If this does not compile, nothing that follows says anything. */
#include <linux/module.h>
#include <linux/sched.h>

pid_t probe(const struct task_struct *task)
{
	return task->pid;
}
