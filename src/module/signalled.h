/* SPDX-License-Identifier: GPL-2.0 */
/* A process of a container signals auditd. */
#ifndef CONTID_SIGNALLED_H
#define CONTID_SIGNALLED_H

#include <linux/types.h>

struct audit_contid_probe;
struct container;
struct task_struct;

void signalled_prepare(struct container *c);
int signalled_init(void);
bool signalled_prove(struct task_struct *thread);
void signalled_probe(struct audit_contid_probe *out);
u64 signalled_passed(void);
void signalled_exit(void);

#endif
