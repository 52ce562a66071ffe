// SPDX-License-Identifier: GPL-2.0
/* io_uring's workers are threads of the process that asks, since 5.12 and 5.10.162 */
#include <linux/sched/task.h>

struct task_struct *probe(int (*work)(void *))
{
	return create_io_thread(work, (void *)0, 0);
}
