/* SPDX-License-Identifier: GPL-2.0 */
/* Threads that are in other namespaces than the rest of their process. */
#ifndef CONTID_LONE_H
#define CONTID_LONE_H

#include <linux/compiler.h>
#include <linux/sched.h>

struct container;

extern unsigned int lone_threads;

void lone_moves(const struct task_struct *thread, const void *mnt, const void *net,
		struct container *c);
void lone_share(const struct task_struct *thread);
bool lone_find_home(const void *ns);
void lone_sweep(void);
void lone_exit(void);

/**
 * lone_born - current has made a thread, which is in its namespaces
 * @thread: it; it has never run
 *
 * What current has alone, the thread has too: it stays if current moves on.
 *
 * Context: the handler of fork.
 */
static inline void lone_born(const struct task_struct *thread)
{
	if (unlikely(READ_ONCE(lone_threads)))
		lone_share(thread);
}

/**
 * lone_exits - current exits
 *
 * Inline: nearly no thread is anywhere alone.
 *
 * Context: the handler of exit.
 */
static inline void lone_exits(void)
{
	if (unlikely(READ_ONCE(lone_threads)))
		lone_moves(current, NULL, NULL, NULL);
}

/**
 * lone_is_home - is current at home in a mount namespace, without the rest of its process?
 * @ns: the namespace, current's own
 *
 * Context: handlers; a process's lock may be held.
 */
static inline bool lone_is_home(const void *ns)
{
	return unlikely(READ_ONCE(lone_threads)) && lone_find_home(ns);
}

#endif
