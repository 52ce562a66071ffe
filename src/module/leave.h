/* SPDX-License-Identifier: GPL-2.0 */
/* The end of a container, and its record. */
#ifndef CONTID_LEAVE_H
#define CONTID_LEAVE_H

#include <linux/compiler.h>
#include <linux/types.h>

#include "container.h"

void leave_prepare(struct container *c);
void leave_last(struct container *c, pid_t last_pid);
void leave_unpin(struct container *c, pid_t last_pid);

/**
 * leave_one - one process less in a container; the last one ends it
 * @c: the container, with a reference that is held until this returns: by the
 *	caller, or by the process's entry, whose lock the caller holds
 * @last_pid: the process, in the initial PID namespace, for the record
 *
 * Context: handlers and process context.
 */
static inline void leave_one(struct container *c, pid_t last_pid)
{
	if (unlikely(!container_unlive_some(c)))
		leave_last(c, last_pid);
}

#endif
