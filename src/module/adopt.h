/* SPDX-License-Identifier: GPL-2.0 */
/* Entering a container's mount namespace. */
#ifndef CONTID_ADOPT_H
#define CONTID_ADOPT_H

#include <linux/sched.h>

void adopt_child_of_thread(struct task_struct *child);
void adopt_settle(struct task_struct *task);

/**
 * adopt_child - a host process has a child, perhaps in a container's namespace
 * @child: the child, which has never run
 *
 * Only one thread of several can have entered alone.
 *
 * Context: the handler of fork.
 */
static inline void adopt_child(struct task_struct *child)
{
	if (unlikely(current->group_leader != current))
		adopt_child_of_thread(child);
}

#endif
