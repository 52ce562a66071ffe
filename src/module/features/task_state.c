// SPDX-License-Identifier: GPL-2.0
/* task_struct.__state, since 5.14 */
#include <linux/sched.h>

unsigned int probe(const struct task_struct *task)
{
	return READ_ONCE(task->__state);
}
