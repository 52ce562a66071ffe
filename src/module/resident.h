/* SPDX-License-Identifier: GPL-2.0 */
/* The containers that live in a mount namespace. */
#ifndef CONTID_RESIDENT_H
#define CONTID_RESIDENT_H

#include <linux/types.h>

struct container;
struct home;
struct process;
struct task_struct;

/**
 * struct resident - whom entering a namespace leads to
 * @c: the container, a reference; NULL if @shared are no one's
 * @shared: one of several that live there and have no encloser in common, a
 *	reference, or NULL
 */
struct resident {
	struct container *c;
	struct container *shared;
};

void resident_find(const void *ns, struct resident *resident);
void resident_put(struct resident *resident);
bool resident_is_own(const void *ns, const struct container *c, const struct resident *there);
struct home *resident_child(struct process *parent, const void *ns);
void resident_settle(struct task_struct *task);
void resident_stray(struct process *process);
void resident_alone(struct process *process, const void *ns, const struct resident *there);

#endif
