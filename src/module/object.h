/* SPDX-License-Identifier: GPL-2.0 */
/* Which container a process number of a moment ago belongs to. */
#ifndef CONTID_OBJECT_H
#define CONTID_OBJECT_H

#include <linux/types.h>

struct container;
struct task_struct;

enum object { OBJECT_HOST, OBJECT_CONTAINED, OBJECT_UNKNOWN };

enum object object_of(pid_t nr, u64 when, struct container **c);
struct container *object_released(struct task_struct *leader, u32 hash, struct container *c);
void object_exit(void);

#endif
