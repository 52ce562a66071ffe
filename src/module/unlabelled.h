/* SPDX-License-Identifier: GPL-2.0 */
/* Programs that a PID namespace's process 1 executes without a label. */
#ifndef CONTID_UNLABELLED_H
#define CONTID_UNLABELLED_H

#include <linux/pid.h>
#include <linux/types.h>

/**
 * unlabelled_may_be - is a process number 1 of a PID namespace that is not the machine's?
 * @tgid: the process
 *
 * Context: the handler of exec, for each program that is executed.
 */
static inline bool unlabelled_may_be(const struct pid *tgid)
{
	return tgid->level && tgid->numbers[tgid->level].nr == 1;
}

void unlabelled_init(void);
void unlabelled_exec(void);
void unlabelled_stats(u64 *all, u64 *not_recorded);

#endif
