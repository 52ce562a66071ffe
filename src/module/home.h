/* SPDX-License-Identifier: GPL-2.0 */
/* The mount namespaces that containers live in. */
#ifndef CONTID_HOME_H
#define CONTID_HOME_H

#include <linux/types.h>

struct container;
struct home;
struct task_struct;

/**
 * struct resident - whom entering a namespace leads to
 * @c: the container, a reference; NULL where @shared are no one's
 * @shared: one of several that live there and have no encloser in common, a
 *	reference, or NULL
 */
struct resident {
	struct container *c;
	struct container *shared;
};

const void *home_ns_of(const struct task_struct *task);
bool home_is_host(const void *ns);
struct home *home_enter(const void *ns);
struct home *home_share(struct home *home, const void *ns);
void home_leave(struct home *home);
void home_residents(const void *ns, struct resident *resident);
void resident_put(struct resident *resident);

#endif
