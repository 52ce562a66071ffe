// SPDX-License-Identifier: GPL-2.0
/* What a process descends from, of the containers that are found. */
#include "found.h"

#define GENERATIONS 256

/**
 * found_generations - how many ancestors of a process are asked
 * @procs: all processes
 * @found: the container that this is about
 *
 * A user can have thousands of processes descend from one another, and thousands of
 * containers below them: to ask all for each takes minutes. If the name is by its cgroup
 * root's choice, all are asked: one that is overlooked may be in the container that has
 * made that cgroup, and then the name is not to be believed.
 */
size_t found_generations(const struct proc_list *procs, const struct found *found)
{
	/* in a list that is not of one moment, parents may go round in circles */
	size_t all = procs->count + 1;

	return found->owner.is_root || all < GENERATIONS ? all : GENERATIONS;
}

/**
 * found_descends - does a process descend from another?
 * @procs: all processes
 * @found: the container that this is about
 * @proc: the process
 * @from: the number of the other
 */
bool found_descends(const struct proc_list *procs, const struct found *found,
		    const struct proc *proc, pid_t from)
{
	size_t generations = found_generations(procs, found);

	for (size_t i = 0; proc && i < generations; i++) {
		if (proc->parent == from)
			return true;
		proc = proc_list_find(procs, proc->parent);
	}
	return false;
}

/**
 * found_shares_mnt_with_runtime - does it share its mount namespace with what has started it?
 * @procs: all processes
 * @found: a container
 * @init: its first process
 *
 * If that cannot be known, too: others may live in there.
 */
bool found_shares_mnt_with_runtime(const struct proc_list *procs, const struct found *found,
				   const struct proc *init)
{
	size_t generations = found_generations(procs, found);
	const struct proc *proc = init;

	for (size_t i = 0; i < generations; i++) {
		proc = proc_list_find(procs, proc->parent);
		if (!proc)
			return false;
		if (proc->is_runtime && mount_ns_equal(&proc->mnt, &init->mnt))
			return true;
	}
	return true;
}

/**
 * found_find_outer - one that is not nested by its cgroup may be so by its descent
 * @procs: all processes, placed
 * @found: the container; @outer is set
 * @init: its first process
 */
void found_find_outer(const struct proc_list *procs, struct found *found, const struct proc *init)
{
	size_t generations = found_generations(procs, found);
	const struct proc *proc = init;

	for (size_t i = 0; !found->outer && i < generations; i++) {
		proc = proc_list_find(procs, proc->parent);
		if (!proc)
			return;
		if (proc->in && !found_encloses(found, proc->in))
			found->outer = proc->in;
	}
}
