/* SPDX-License-Identifier: GPL-2.0 */
/* The container of who a signal or ptrace was meant for: ocontid=. */
#ifndef CONTID_OBJECT_H
#define CONTID_OBJECT_H

#include <linux/types.h>

struct container;
struct sk_buff;
struct task_struct;

bool object_put(struct sk_buff *skb);
struct container *object_released(struct task_struct *leader, struct container *c);
void object_exit(void);

#endif
