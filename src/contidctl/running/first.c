// SPDX-License-Identifier: GPL-2.0
/* Which process is a container's first, and what LXC calls that container. */
#include <stdio.h>
#include <string.h>

#include "found.h"
#include "uuid5.h"

#define LXC_SUFFIX 3 /* the most digits behind the dash */

/**
 * found_is_apart - is it in a mount namespace that somebody has made for it?
 * @list: the containers
 * @procs: all processes
 * @proc: one of them
 */
bool found_is_apart(const struct found_list *list, const struct proc_list *procs,
		    const struct proc *proc)
{
	const struct proc *parent = proc_list_find(procs, proc->parent);

	return !mount_ns_equal(&proc->mnt, &list->host) &&
	       !(parent && mount_ns_equal(&proc->mnt, &parent->mnt));
}

/* Before the mount namespace is known: may it be a container's first process? */
static bool may_be_first(const struct found_list *list, const struct proc_list *procs,
			 const struct proc *proc)
{
	return !proc->is_runtime || found_is_apart(list, procs, proc);
}

static bool parent_is_outside(const struct found_list *list, const struct proc_list *procs,
			      const struct proc *proc)
{
	const struct proc *parent = proc_list_find(procs, proc->parent);

	return !parent || !found_encloses(proc->in, parent->in) ||
	       !may_be_first(list, procs, parent);
}

static bool is_older(const struct proc *a, const struct proc *b)
{
	return !b || a->start < b->start || (a->start == b->start && a->pid < b->pid);
}

static void consider(const struct found_list *list, const struct proc_list *procs,
		     const struct proc *proc)
{
	struct found *found = proc->in;
	const struct proc *one = found->one;

	if (proc->first && (!one || proc->depth < one->depth ||
			    (proc->depth == one->depth && is_older(proc, one))))
		found->one = proc;
	if (may_be_first(list, procs, proc) && parent_is_outside(list, procs, proc) &&
	    is_older(proc, found->oldest))
		found->oldest = proc;
}

/*
 * In a container without a PID namespace of its own, process 1 of a sandbox may be elected:
 * others in there have a number in fewer namespaces, and are not from outside for that.
 */
static void set_depth(struct found *found)
{
	const struct proc *one = found->one, *oldest = found->oldest;

	if (!one)
		return;
	found->init_depth = one->depth;
	/* a rootless engine's monitor lives apart, too */
	if (oldest && !oldest->is_runtime && oldest->depth < one->depth)
		found->init_depth = oldest->depth;
}

/**
 * found_elect - find first processes
 * @list: the containers; those that are @electing get their process in @one
 * @procs: all processes, placed
 *
 * Process 1 of the container's PID namespace; if it has none of its own, the
 * oldest whose parent is outside. A sandbox inside of one without has a process 1
 * too, but another mount namespace than the first process above it.
 */
void found_elect(struct found_list *list, const struct proc_list *procs)
{
	for (size_t i = 0; i < list->count; i++) {
		if (list->items[i]->electing)
			list->items[i]->one = list->items[i]->oldest = NULL;
	}
	for (size_t i = 0; i < procs->count; i++) {
		const struct proc *proc = &procs->items[i];

		if (proc->in && proc->in->electing && !proc->is_monitor)
			consider(list, procs, proc);
	}
	for (size_t i = 0; i < list->count; i++) {
		struct found *found = list->items[i];
		const struct proc *one = found->one, *oldest = found->oldest;

		if (!found->electing)
			continue;
		if (!one || (oldest && found_descends(procs, found, one, oldest->pid) &&
			     found_is_apart(list, procs, oldest) &&
			     !mount_ns_equal(&one->mnt, &oldest->mnt)))
			found->one = oldest;
		set_depth(found);
	}
}

/* "web-1" may be LXC's for "web". Return: the length of "web", or 0. */
static size_t without_suffix(const char *name)
{
	const char *dash = strrchr(name, '-');
	size_t digits;

	if (!dash || dash == name || dash[1] == '0')
		return 0;
	digits = strspn(dash + 1, "0123456789");
	return digits && digits <= LXC_SUFFIX && !dash[1 + digits] ? (size_t)(dash - name) : 0;
}

/*
 * The monitor writes the name to the end of its command line. That is only believed of
 * a process that root has outside of all containers.
 */
static bool title_ends_with(const struct proc *monitor, const char *name, size_t length)
{
	char word[NAME_MAX + 1];

	return monitor->at_host && !monitor->in && monitor->is_powerful && monitor->is_runtime &&
	       proc_last_argument(monitor->pid, word, sizeof(word)) && strlen(word) == length &&
	       !strncmp(word, name, length);
}

static bool cgroup_is_of(const struct proc *monitor, const char *name, size_t length)
{
	struct cgroup_name cgroup;

	return monitor->is_monitor && cgroup_next(monitor->cgroup, 0, &cgroup) &&
	       cgroup_owner(monitor->hierarchy, monitor->cgroup, cgroup.end).is_root &&
	       strlen(cgroup.name) == length && !strncmp(cgroup.name, name, length);
}

/**
 * found_correct_name - take off what LXC has put behind a container's name
 * @procs: all processes, placed
 * @found: a container that has a first process
 *
 * While a cgroup of its last run is there, LXC calls that of the next one web-1 and so
 * on. The container's name is web all the same, unless it is called web-1. Its monitor,
 * which is the first process's parent, knows.
 */
void found_correct_name(const struct proc_list *procs, struct found *found)
{
	size_t length = strcmp(found->id.runtime, "lxc") ? 0 : without_suffix(found->id.name);
	const struct proc *init = length ? proc_list_find(procs, found->init) : NULL;
	const struct proc *monitor = init ? proc_list_find(procs, init->parent) : NULL;
	const char *name = found->id.name;
	char own[NAME_MAX + 1];

	if (!monitor || title_ends_with(monitor, name, strlen(name)))
		return;
	if (!title_ends_with(monitor, name, length) && !cgroup_is_of(monitor, name, length))
		return;
	snprintf(own, sizeof(own), "%.*s", (int)length, name);
	if (!contid_of_container(found->id.runtime, own, &found->id.contid))
		strcpy(found->id.name, own);
}
