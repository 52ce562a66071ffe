/* SPDX-License-Identifier: GPL-2.0 */
/* Whether more is to be done when a thread exits than for its process's entry. */
#ifndef CONTID_PARTING_H
#define CONTID_PARTING_H

#include <linux/atomic.h>
#include <linux/compiler.h>

extern atomic_t partings;

/**
 * partings_add - exits are to be looked at, or are no longer
 * @reasons: how many more reasons there are for that than before: each thread that is
 *	anywhere alone or has to wait for a limit, each tree that is being registered
 *
 * Context: any. A thread counts before it can exit, or what it counts for is queued as its
 * task work, which its exit runs (hold.c). A tree counts a grace period before it relies on
 * that.
 */
static inline void partings_add(int reasons)
{
	atomic_add(reasons, &partings);
}

/**
 * parting_matters - is there any such reason?
 *
 * Inline, and one question for all of them: nearly always there is none.
 *
 * Context: the handler of exit.
 */
static inline bool parting_matters(void)
{
	return unlikely(atomic_read(&partings));
}

#endif
