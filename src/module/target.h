/* SPDX-License-Identifier: GPL-2.0 */
/* From a pidfd or a pid to a process. */
#ifndef CONTID_TARGET_H
#define CONTID_TARGET_H

#include <linux/sched.h>

bool target_is_unborn(const struct task_struct *task);
struct task_struct *target_get(u32 flags, s32 target);

#endif
