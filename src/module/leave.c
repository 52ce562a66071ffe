// SPDX-License-Identifier: GPL-2.0
/*
 * The end of a container, and its record: its last process is gone.
 *
 * Each container brings the room for that record with it: a drop cannot get lost for
 * want of memory.
 */
#include <linux/module.h>

#include "container.h"
#include "leave.h"
#include "record.h"

/*
 * The ends that one process brought about, from the inside outwards: a task work
 * for each would be run last in, first out.
 */
static void drop_pay(struct owed *owed)
{
	struct container *innermost = container_of(owed, struct container, drop);
	struct container *c = innermost;
	unsigned int i;

	for (i = 0; i < innermost->drop_levels; i++, c = c->parent)
		record_drop(c, innermost->last_pid);
	container_put(innermost);
}

/**
 * leave_prepare - get a container ready for its end
 * @c: the container, which nobody can find yet
 */
void leave_prepare(struct container *c)
{
	owed_prepare(&c->drop, drop_pay);
}

/**
 * leave_last - one thing less that a container lives for, and its end if that was the last
 * @c: the container, as in leave_one()
 * @last_pid: likewise
 *
 * Context: handlers and process context.
 */
void leave_last(struct container *c, pid_t last_pid)
{
	unsigned int ended = container_unlive(c);

	if (!ended)
		return;
	c->drop_levels = ended;
	c->last_pid = last_pid;
	container_get(c);
	owed_add(&c->drop);
	while (ended--)
		module_put(THIS_MODULE);
}

/**
 * leave_unpin - undo container_pin(), which may end the container
 * @c: the container
 * @last_pid: for the record
 */
void leave_unpin(struct container *c, pid_t last_pid)
{
	atomic_dec(&c->besides);
	leave_last(c, last_pid);
	container_put(c);
}
