/* SPDX-License-Identifier: GPL-2.0 */
/* How many records a container may cause in a second. */
#ifndef CONTID_RATE_H
#define CONTID_RATE_H

#include <linux/audit_contid.h>
#include <linux/compiler.h>

#include "container.h"

struct task_struct;

void rate_prepare(struct container *c);
void rate_charge_record(void);
void rate_charge_fork(struct task_struct *child);
int rate_set(const struct audit_contid_rate *arg);
void rate_init(void);

/**
 * rate_record - current has caused a record
 *
 * Inline: as long as no container has a limit, this is a load and a branch, and holds no
 * register of its caller: the process is looked up once more if one has.
 *
 * Context: the handler of a record's end.
 */
static inline void rate_record(void)
{
	if (unlikely(atomic_read(&containers_rated)))
		rate_charge_record();
}

/**
 * rate_fork - current has made a child or a thread
 * @child: it, which has never run
 *
 * Context: the handler of fork.
 */
static inline void rate_fork(struct task_struct *child)
{
	if (unlikely(atomic_read(&containers_rated)))
		rate_charge_fork(child);
}

#endif
