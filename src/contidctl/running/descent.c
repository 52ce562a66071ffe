// SPDX-License-Identifier: GPL-2.0
/* What a process descends from, of the containers that are found. */
#include "found.h"

/**
 * found_descends - does a process descend from another?
 * @procs: all processes
 * @proc: the process
 * @from: the number of the other
 */
bool found_descends(const struct proc_list *procs, const struct proc *proc, pid_t from)
{
	/* in a list that is not of one moment, parents may go round in circles */
	for (size_t i = 0; proc && i <= procs->count; i++) {
		if (proc->parent == from)
			return true;
		proc = proc_list_find(procs, proc->parent);
	}
	return false;
}

/**
 * found_shares_mnt_with_runtime - does it share its mount namespace with what has started it?
 * @procs: all processes
 * @init: a container's first process
 */
bool found_shares_mnt_with_runtime(const struct proc_list *procs, const struct proc *init)
{
	const struct proc *proc = init;

	for (size_t i = 0; i <= procs->count; i++) {
		proc = proc_list_find(procs, proc->parent);
		if (!proc)
			return false;
		if (proc->is_runtime && mount_ns_equal(&proc->mnt, &init->mnt))
			return true;
	}
	return false;
}

/**
 * found_find_outer - one that is not nested by its cgroup may be so by its descent
 * @procs: all processes, placed
 * @found: the container; @outer is set
 * @init: its first process
 */
void found_find_outer(const struct proc_list *procs, struct found *found, const struct proc *init)
{
	const struct proc *proc = init;

	for (size_t i = 0; !found->outer && i <= procs->count; i++) {
		proc = proc_list_find(procs, proc->parent);
		if (!proc)
			return;
		if (proc->in && !found_encloses(found, proc->in))
			found->outer = proc->in;
	}
}
