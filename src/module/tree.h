/* SPDX-License-Identifier: GPL-2.0 */
/* Registering a process with all its descendants. */
#ifndef CONTID_TREE_H
#define CONTID_TREE_H

#include <linux/compiler.h>
#include <linux/types.h>

struct container;
struct pid;
struct task_struct;
struct tree;

extern struct tree *tree_active;

int tree_begin(struct pid *root, struct container *from);
void tree_end(void);
u32 tree_walk_id(void);
struct container *tree_from(void);
void tree_label_all(struct container *to);
void tree_forked(struct task_struct *child);
void tree_parting(void);
bool tree_has(struct task_struct *task);

/**
 * tree_is_active - does the fork and exit of this moment concern a tree?
 *
 * Context: any; false costs a handler one look at a variable.
 */
static inline bool tree_is_active(void)
{
	return unlikely(READ_ONCE(tree_active));
}

/**
 * tree_fork - tree_forked(), if a tree is being registered
 * @child: the child
 *
 * Context: the handler of fork.
 */
static inline void tree_fork(struct task_struct *child)
{
	if (tree_is_active())
		tree_forked(child);
}

#endif
