/* SPDX-License-Identifier: GPL-2.0 */
/* Entering a container's mount namespace. */
#ifndef CONTID_ADOPT_H
#define CONTID_ADOPT_H

#include <linux/types.h>

struct nsproxy;
struct task_struct;

void adopt_switch(const struct nsproxy *to);
void adopt_switch_net(const void *net);
void adopt_child(struct task_struct *child);
void adopt_thread_born(struct task_struct *thread);
void adopt_exec(void);

#endif
