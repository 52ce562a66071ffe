/* SPDX-License-Identifier: GPL-2.0 */
/* Labels from fork to release. */
#ifndef CONTID_INHERIT_H
#define CONTID_INHERIT_H

#include <linux/types.h>

struct container;
struct pid;
struct task_struct;

bool inherit_child(struct task_struct *child);
void inherit_exited(struct pid *tgid);
void inherit_released(struct task_struct *leader);
void inherit_kill(struct task_struct *task, struct container *c);
void inherit_recheck(struct task_struct *leader, struct pid *tgid);
u64 inherit_sweep(void);
void inherit_stats(u64 *inherited, u64 *failed, u64 *stale);

#endif
