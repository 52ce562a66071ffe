/* SPDX-License-Identifier: GPL-2.0 */
/* Threads that wait on their way to userspace. */
#ifndef CONTID_HOLD_H
#define CONTID_HOLD_H

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

u32 hold_epoch(const struct container *c);
void hold_until(struct container *c, const struct debt *debt);
void hold_newborn(struct task_struct *child, struct container *c, const struct debt *debt);
void hold_exits(void);
void hold_sweep(void);
void hold_wake(void);
u64 hold_missed(void);
void hold_init(void);
void hold_stop(void);
void hold_exit(void);

#endif
