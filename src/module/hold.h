/* SPDX-License-Identifier: GPL-2.0 */
/* Threads that wait on their way to userspace. */
#ifndef CONTID_HOLD_H
#define CONTID_HOLD_H

#include <linux/atomic.h>
#include <linux/compiler.h>
#include <linux/types.h>

struct container;
struct task_struct;

/**
 * struct debt - what a thread has to wait for
 * @until: until when, nanoseconds of CLOCK_MONOTONIC
 * @epoch: hold_epoch() of before that was reckoned
 * @firm: whatever signals it gets
 */
struct debt {
	u64 until;
	u32 epoch;
	bool firm;
};

extern atomic_t holds;

u32 hold_epoch(const struct container *c);
void hold_until(struct container *c, const struct debt *debt);
void hold_newborn(struct task_struct *child, struct container *c, const struct debt *debt);
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
