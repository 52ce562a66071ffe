// SPDX-License-Identifier: GPL-2.0
/* What no kernel has. If this compiles, the compiler says yes to everything. */
#include <linux/sched.h>

int probe(const struct task_struct *task)
{
	return task->no_kernel_has_this_member;
}
