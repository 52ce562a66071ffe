/* SPDX-License-Identifier: GPL-2.0 */
/* Threads that wait on their way to userspace. */
#ifndef CONTID_HOLD_H
#define CONTID_HOLD_H

#include <linux/atomic.h>
#include <linux/compiler.h>

struct container;

extern atomic_t holds;

void hold_until(struct container *c, u64 until);
void hold_forget_current(void);
void hold_wake(void);
u64 hold_missed(void);
void hold_init(void);
void hold_stop(void);
void hold_exit(void);

/**
 * hold_exits - current exits
 *
 * Inline: nearly no thread owes anything.
 *
 * Context: the handler of exit.
 */
static inline void hold_exits(void)
{
	if (unlikely(atomic_read(&holds)))
		hold_forget_current();
}

#endif
