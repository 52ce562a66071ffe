/* SPDX-License-Identifier: GPL-2.0 */
/* The containers that live in a namespace. */
#ifndef CONTID_RESIDENT_H
#define CONTID_RESIDENT_H

#include <linux/types.h>

struct container;
struct home;
struct nsproxy;
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

/* So many are told apart in one network namespace. */
#define RESIDENTS_MAX 10

/**
 * struct residents - whose a network namespace is
 * @c: containers of which no two have an encloser in common, under RCU
 * @n: how many
 * @more: whether there may be others
 */
struct residents {
	struct container *c[RESIDENTS_MAX];
	unsigned int n;
	bool more;
};

void resident_find(const void *ns, struct resident *resident);
void resident_put(struct resident *resident);
bool resident_is_own(const void *ns, const struct container *c, const struct resident *there);
struct home *resident_child(struct process *parent, const struct nsproxy *in);
void resident_settle(struct task_struct *task);
void resident_stray(struct process *process);
void resident_alone(struct process *process, const void *ns, const struct resident *there);
void resident_moves(struct process *process, const void *mnt, const void *net);
void resident_of_net(const void *net, u64 id, struct residents *all);

#endif
