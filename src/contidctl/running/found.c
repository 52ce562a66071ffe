// SPDX-License-Identifier: GPL-2.0
/*
 * Containers are known by the names of cgroups. One is called by the path of its
 * cgroup, not by its ID: a user, or a container, can make a cgroup below its own
 * that claims any ID, and must not get into another's container by that.
 */
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "found.h"
#include "machine.h"

/**
 * struct place - how much of a path has been looked at
 * @at: where the next name may begin
 * @names: how many there were
 *
 * A user can make a path of hundreds of names with each of their processes. No more than
 * FOUND_LEVELS are looked at: root's choices are the first ones, as what is below a cgroup
 * of a user's is that user's choice, too. A process further below is in the last of them.
 */
struct place {
	size_t at;
	unsigned int names;
};

/*
 * A container may call a cgroup below its own as a runtime calls that of a monitor:
 * its processes are in the container all the same.
 */
static bool next_name(struct place *place, const char *path, bool inside, struct cgroup_name *name)
{
	while (place->names < FOUND_LEVELS && cgroup_next(path, place->at, name)) {
		place->at = name->end;
		place->names++;
		if (inside && name->monitor)
			continue;
		if (!name->doubtful || machine_is_nspawn(name->name))
			return true;
	}
	return false;
}

static int by_path(const void *a, const void *b)
{
	const struct found *x = a, *y = b;

	return strcmp(x->hierarchy, y->hierarchy) ?: strcmp(x->cgroup, y->cgroup);
}

/* The container that has the beginning of a process's path for its cgroup. */
static struct found *find_by_path(const struct found_list *list, const struct proc *proc,
				  size_t length)
{
	struct found key = { .hierarchy = proc->hierarchy }, **found;

	key.cgroup = strndup(proc->cgroup, length);
	found = key.cgroup ? tfind(&key, &list->by_path, by_path) : NULL;
	free(key.cgroup);
	return found ? *found : NULL;
}

/**
 * found_place - in which container's cgroup is a process?
 * @list: the containers
 * @proc: the process; @in, @is_monitor and @at_host are set
 */
void found_place(const struct found_list *list, struct proc *proc)
{
	struct cgroup_name name;
	struct place place = {};

	proc->in = NULL;
	proc->is_monitor = false;
	proc->at_host = mount_ns_equal(&proc->mnt, &list->host) ||
			mount_ns_equal(&proc->mnt, &list->self);
	while (next_name(&place, proc->cgroup, proc->in, &name)) {
		proc->is_monitor = name.monitor;
		if (name.monitor)
			return;
		proc->in = find_by_path(list, proc, name.end) ?: proc->in;
	}
}

static void found_free(struct found *found)
{
	free(found->hierarchy);
	free(found->cgroup);
	free(found->joined);
	free(found);
}

static struct found *found_add(struct found_list *list, const struct cgroup_name *name,
			       const struct proc *proc, struct found *outer)
{
	struct found **more, *found = calloc(1, sizeof(*found));

	if (!found)
		return NULL;
	more = array_room(list->items, list->count, sizeof(*more));
	if (!more)
		goto no_memory;
	list->items = more;
	found->hierarchy = strdup(proc->hierarchy);
	found->cgroup = strndup(proc->cgroup, name->end);
	found->id = *name;
	found->outer = outer;
	found->owner = cgroup_owner(proc->hierarchy, proc->cgroup, name->end);
	if (!found->hierarchy || !found->cgroup || !tsearch(found, &list->by_path, by_path))
		goto no_memory;
	list->items[list->count++] = found;
	return found;

no_memory:
	found_free(found);
	return NULL;
}

static bool add_of_path(struct found_list *list, const struct proc *proc)
{
	struct found *outer = NULL, *found;
	struct cgroup_name name;
	struct place place = {};

	while (next_name(&place, proc->cgroup, outer, &name)) {
		if (name.monitor)
			break;
		found = find_by_path(list, proc, name.end);
		if (!found)
			found = found_add(list, &name, proc, outer);
		if (!found)
			return false;
		outer = found;
	}
	return true;
}

/** found_encloses - is a container the same as another, or around it? */
bool found_encloses(const struct found *outer, const struct found *inner)
{
	for (unsigned int i = 0; inner && i < FOUND_LEVELS; i++) {
		if (inner == outer)
			return true;
		inner = inner->outer;
	}
	return false;
}

/*
 * It came from outside: it is in a PID namespace that the container's processes
 * cannot be in, or in a mount namespace that they cannot enter. What file it
 * executes says nothing: a container can have one of any name.
 */
static bool is_from_outside(const struct found *found, const struct proc *proc)
{
	const struct found *outer = found->outer;

	return proc->at_host || proc->depth < found->init_depth ||
	       (outer && outer->own_mnt && mount_ns_equal(&outer->mnt, &proc->mnt));
}

/**
 * found_is_runtime - is it the runtime's, though in the container's cgroup?
 * @found: the container
 * @proc: a process in its cgroup, which is placed
 *
 * The runtime inside of a container is that one's, and in its mount namespace.
 */
bool found_is_runtime(const struct found *found, const struct proc *proc)
{
	return proc->is_runtime && is_from_outside(found, proc) &&
	       !(found->own_mnt && mount_ns_equal(&found->mnt, &proc->mnt));
}

static int compare_mnt(const struct mount_ns *a, const struct mount_ns *b)
{
	if (a->ino != b->ino)
		return a->ino < b->ino ? -1 : 1;
	return (a->dev > b->dev) - (a->dev < b->dev);
}

static int by_mnt(const void *a, const void *b)
{
	const struct found *x = *(struct found *const *)a, *y = *(struct found *const *)b;

	return compare_mnt(&x->mnt, &y->mnt) ?: (x->place > y->place) - (x->place < y->place);
}

/* Where those begin, in the list by mount namespaces, that have this one. */
static size_t first_in(const struct found_list *list, const struct mount_ns *ns)
{
	size_t low = 0, high = list->by_mnt_count, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (compare_mnt(&list->by_mnt[middle]->mnt, ns) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Sorts them anew, after one got another first process or another place. */
static bool index_mnt(struct found_list *list)
{
	struct found **more = reallocarray(list->by_mnt, list->count + 1, sizeof(*more));

	if (!more)
		return false;
	list->by_mnt = more;
	list->by_mnt_count = 0;
	for (size_t i = 0; i < list->count; i++) {
		list->items[i]->place = i;
		if (list->items[i]->init)
			more[list->by_mnt_count++] = list->items[i];
	}
	if (list->by_mnt_count)
		qsort(more, list->by_mnt_count, sizeof(*more), by_mnt);
	return true;
}

static bool has_own_mnt(const struct found_list *list, const struct proc_list *procs,
			const struct found *found, const struct proc *init)
{
	if (found->has_guest || !init->mnt.ino || !list->host.ino ||
	    mount_ns_equal(&init->mnt, &list->host) || mount_ns_equal(&init->mnt, &list->self) ||
	    found_shares_mnt_with_runtime(procs, found, init))
		return false;
	for (size_t i = first_in(list, &init->mnt); i < list->by_mnt_count; i++) {
		const struct found *other = list->by_mnt[i];

		if (!mount_ns_equal(&other->mnt, &init->mnt))
			break;
		if (!other->has_guest && !found_encloses(found, other))
			return false;
	}
	return true;
}

/* The first process of each, which may be another one than at the last look. */
static void update_inits(struct found_list *list, const struct proc_list *procs)
{
	for (size_t i = 0; i < list->count; i++) {
		struct found *found = list->items[i];
		const struct proc *init = found->init ? proc_list_find(procs, found->init) : NULL;

		found->one = init;
		found->electing = !init || init->start != found->start || init->in != found;
	}
	found_elect(list, procs);
	for (size_t i = 0; i < list->count; i++) {
		struct found *found = list->items[i];
		const struct proc *init = found->one;

		found->init = init ? init->pid : 0;
		if (!init)
			continue;
		found->start = init->start;
		found->mnt = init->mnt;
		found->is_powerful = init->is_powerful;
		found_find_outer(procs, found, init);
		if (!found->planned)
			found_correct_name(procs, found);
	}
}

static unsigned int level_of(const struct found *found)
{
	unsigned int level = 0;

	while (found->outer && level < FOUND_LEVELS) {
		found = found->outer;
		level++;
	}
	return level;
}

/* What somebody else has named comes after what root has named. */
static int in_order(const void *a, const void *b)
{
	const struct found *x = *(struct found *const *)a, *y = *(struct found *const *)b;

	if (x->level != y->level)
		return x->level < y->level ? -1 : 1;
	return y->owner.is_root - x->owner.is_root ?: strcmp(x->cgroup, y->cgroup);
}

/**
 * found_list_update - look for containers
 * @list: those that are known already; found ones are added
 * @procs: all processes; they are placed
 *
 * Return: false for want of memory.
 */
bool found_list_update(struct found_list *list, struct proc_list *procs)
{
	const struct proc *init;

	mount_ns_read(0, &list->self);
	mount_ns_read(1, &list->host);
	for (size_t i = 0; i < procs->count; i++) {
		if (!add_of_path(list, &procs->items[i]))
			return false;
	}
	for (size_t i = 0; i < procs->count; i++)
		found_place(list, &procs->items[i]);
	update_inits(list, procs);
	found_mark_guests(list, procs);
	if (!index_mnt(list))
		return false;
	for (size_t i = 0; i < list->count; i++) {
		struct found *found = list->items[i];

		init = proc_list_find(procs, found->init);
		found->own_mnt = init && has_own_mnt(list, procs, found, init);
		found->level = level_of(found);
	}
	if (list->count)
		qsort(list->items, list->count, sizeof(*list->items), in_order);
	return index_mnt(list);
}

/** found_list_free - free what found_list_update() has added */
void found_list_free(struct found_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		tdelete(list->items[i], &list->by_path, by_path);
		found_free(list->items[i]);
	}
	free(list->items);
	free(list->by_mnt);
	*list = (struct found_list){};
}

/**
 * found_innermost - the container that a process is in
 * @list: the containers
 * @proc: a process that is placed
 *
 * By its cgroup; who is in none, or in one further out, by its mount namespace.
 */
struct found *found_innermost(const struct found_list *list, const struct proc *proc)
{
	for (size_t i = first_in(list, &proc->mnt); i < list->by_mnt_count; i++) {
		struct found *found = list->by_mnt[i];

		if (!mount_ns_equal(&found->mnt, &proc->mnt))
			break;
		if (found->own_mnt && (!proc->in || found_encloses(proc->in, found)))
			return found;
	}
	return proc->in;
}

/**
 * found_target - the container of a level that a process is in
 * @list: the containers
 * @proc: a process that is placed
 * @level: how many are around it
 */
struct found *found_target(const struct found_list *list, const struct proc *proc,
			   unsigned int level)
{
	struct found *found = found_innermost(list, proc);

	while (found && found->level > level)
		found = found->outer;
	return found && found->level == level ? found : NULL;
}

/**
 * found_note_joined - count a process, once
 * @found: the container
 * @proc: the process
 *
 * Return: false for want of memory.
 */
bool found_note_joined(struct found *found, const struct proc *proc)
{
	struct found_joined *more;

	for (size_t i = 0; i < found->joined_count; i++) {
		if (found->joined[i].pid == proc->pid && found->joined[i].start == proc->start)
			return true;
	}
	more = reallocarray(found->joined, found->joined_count + 1, sizeof(*more));
	if (!more)
		return false;
	found->joined = more;
	more[found->joined_count++] = (struct found_joined){ proc->pid, proc->start };
	return true;
}

/**
 * found_note_nesting - say so where one is not nested as its cgroup is
 * @found: a container that is registered, or would be
 */
void found_note_nesting(struct found *found)
{
	const struct found *outer = found->outer;

	if (found->depth > 1 || !outer || !outer->init)
		return;
	found->note = outer->action == REFUSE ?
			      "it is not nested, as the container around it has no ID" :
			      "it is not nested, though its cgroup is, as its first process does "
			      "not descend from the container around it";
}
