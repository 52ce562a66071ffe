// SPDX-License-Identifier: GPL-2.0
/*
 * Containers are told by the names of cgroups. One is called by the path of its
 * cgroup, not by its ID: a user, or a container, can make a cgroup below its own
 * that claims any ID, and must not get into another's container by that.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "found.h"

#define LEVELS 32

/* systemd-machined also keeps virtual machines in scopes called machine-NAME. */
static bool machine_is_nspawn(const char *name)
{
	char path[sizeof("/run/systemd/machines/") + NAME_MAX], line[256];
	bool is = false;
	FILE *file;

	if (strchr(name, '/'))
		return false;
	snprintf(path, sizeof(path), "/run/systemd/machines/%s", name);
	file = fopen(path, "re");
	if (!file)
		return false;
	while (!is && fgets(line, sizeof(line), file))
		is = !strcmp(line, "SERVICE=systemd-nspawn\n");
	fclose(file);
	return is;
}

static bool next_name(const char *path, size_t *at, struct cgroup_name *name)
{
	while (cgroup_next(path, *at, name)) {
		*at = name->end;
		if (!name->doubtful || machine_is_nspawn(name->name))
			return true;
	}
	return false;
}

static struct found *find_by_path(const struct found_list *list, const char *path, size_t length)
{
	for (size_t i = 0; i < list->count; i++) {
		struct found *found = list->items[i];

		if (!strncmp(found->cgroup, path, length) && !found->cgroup[length])
			return found;
	}
	return NULL;
}

/**
 * found_place - in which container's cgroup is a process?
 * @list: the containers
 * @proc: the process; @in and @is_monitor are set
 */
void found_place(const struct found_list *list, struct proc *proc)
{
	struct cgroup_name name;
	size_t at = 0;

	proc->in = NULL;
	proc->is_monitor = false;
	while (next_name(proc->cgroup, &at, &name)) {
		proc->is_monitor = name.monitor;
		if (name.monitor)
			return;
		proc->in = find_by_path(list, proc->cgroup, name.end) ?: proc->in;
	}
}

static struct found *found_add(struct found_list *list, const struct cgroup_name *name,
			       const char *path, struct found *outer)
{
	struct found **more = reallocarray(list->items, list->count + 1, sizeof(*more));
	struct found *found = calloc(1, sizeof(*found));

	if (more)
		list->items = more;
	if (!more || !found)
		goto no_memory;
	found->cgroup = strndup(path, name->end);
	if (!found->cgroup)
		goto no_memory;
	found->id = *name;
	found->outer = outer;
	list->items[list->count++] = found;
	return found;

no_memory:
	free(found);
	return NULL;
}

static bool add_of_path(struct found_list *list, const char *path)
{
	struct found *outer = NULL, *found;
	struct cgroup_name name;
	size_t at = 0;

	while (next_name(path, &at, &name)) {
		if (name.monitor)
			break;
		found = find_by_path(list, path, name.end);
		if (!found)
			found = found_add(list, &name, path, outer);
		if (!found)
			return false;
		outer = found;
	}
	return true;
}

/** found_encloses - is a container the same as another, or around it? */
bool found_encloses(const struct found *outer, const struct found *inner)
{
	for (unsigned int i = 0; inner && i < LEVELS; i++) {
		if (inner == outer)
			return true;
		inner = inner->outer;
	}
	return false;
}

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
 * found_is_runtime - is it the runtime's, though in the container's cgroup?
 * @found: the container
 * @proc: a process in its cgroup
 *
 * The runtime inside of a container is that one's, and in its mount namespace.
 */
bool found_is_runtime(const struct found *found, const struct proc *proc)
{
	return proc->is_runtime && !(found->own_mnt && mount_ns_equal(&found->mnt, &proc->mnt));
}

/* Is it in a mount namespace that somebody has made for it? */
static bool is_apart(const struct found_list *list, const struct proc_list *procs,
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
	return !proc->is_runtime || is_apart(list, procs, proc);
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

/*
 * Process 1 of the container's PID namespace; where it has none of its own, the
 * oldest whose parent is outside. A sandbox inside of one without has a process 1
 * too, but another mount namespace than the first process above it.
 */
static const struct proc *elect(const struct found_list *list, const struct proc_list *procs,
				const struct found *found)
{
	const struct proc *one = NULL, *oldest = NULL;

	for (size_t i = 0; i < procs->count; i++) {
		const struct proc *proc = &procs->items[i];

		if (proc->in != found || proc->is_monitor)
			continue;
		if (proc->first && (!one || proc->depth < one->depth ||
				    (proc->depth == one->depth && is_older(proc, one))))
			one = proc;
		if (may_be_first(list, procs, proc) && parent_is_outside(list, procs, proc) &&
		    is_older(proc, oldest))
			oldest = proc;
	}
	if (one && oldest && found_descends(procs, one, oldest->pid) &&
	    is_apart(list, procs, oldest) && !mount_ns_equal(&one->mnt, &oldest->mnt))
		return oldest;
	return one ?: oldest;
}

/* Does it share its mount namespace with what has started it? */
static bool shares_mnt_with_runtime(const struct proc_list *procs, const struct proc *init)
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

static bool has_own_mnt(const struct found_list *list, const struct proc_list *procs,
			const struct found *found, const struct proc *init)
{
	if (!init->mnt.ino || !list->host.ino || mount_ns_equal(&init->mnt, &list->host) ||
	    mount_ns_equal(&init->mnt, &list->self) || shares_mnt_with_runtime(procs, init))
		return false;
	for (size_t i = 0; i < list->count; i++) {
		const struct found *other = list->items[i];

		if (other->init && mount_ns_equal(&other->mnt, &init->mnt) &&
		    !found_encloses(found, other))
			return false;
	}
	return true;
}

/* One that is not nested by its cgroup may be so by its descent. */
static void find_outer(const struct proc_list *procs, struct found *found, const struct proc *init)
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

static void update_init(struct found_list *list, const struct proc_list *procs, struct found *found)
{
	const struct proc *init = found->init ? proc_list_find(procs, found->init) : NULL;

	if (!init || init->start != found->start || init->in != found)
		init = elect(list, procs, found);
	found->init = init ? init->pid : 0;
	if (!init)
		return;
	found->start = init->start;
	found->mnt = init->mnt;
	find_outer(procs, found, init);
}

static unsigned int level_of(const struct found *found)
{
	unsigned int level = 0;

	while (found->outer && level < LEVELS) {
		found = found->outer;
		level++;
	}
	return level;
}

/* What a user may have made comes after what only root can have made. */
static int in_order(const void *a, const void *b)
{
	const struct found *x = *(struct found *const *)a, *y = *(struct found *const *)b;
	int user = !!strstr(x->cgroup, "/user@") - !!strstr(y->cgroup, "/user@");

	if (x->level != y->level)
		return x->level < y->level ? -1 : 1;
	return user ?: strcmp(x->cgroup, y->cgroup);
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

	for (size_t i = 0; i < procs->count; i++) {
		if (!add_of_path(list, procs->items[i].cgroup))
			return false;
	}
	for (size_t i = 0; i < procs->count; i++)
		found_place(list, &procs->items[i]);
	for (size_t i = 0; i < list->count; i++)
		update_init(list, procs, list->items[i]);
	for (size_t i = 0; i < list->count; i++) {
		struct found *found = list->items[i];

		init = proc_list_find(procs, found->init);
		found->own_mnt = init && has_own_mnt(list, procs, found, init);
		found->level = level_of(found);
	}
	if (list->count)
		qsort(list->items, list->count, sizeof(*list->items), in_order);
	return true;
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
	for (size_t i = 0; i < list->count; i++) {
		struct found *found = list->items[i];

		if (found->own_mnt && mount_ns_equal(&found->mnt, &proc->mnt) &&
		    (!proc->in || found_encloses(proc->in, found)))
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
