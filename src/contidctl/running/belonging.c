// SPDX-License-Identifier: GPL-2.0
/*
 * A process that was saved is known by both its number and its start. One that is
 * older than the last look and was not saved is one of the host's. One that came later
 * belongs where the kernel would have put it: where its parent does, or, with a
 * mount namespace of its own, in the container whose processes live in there.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "adoption.h"
#include "belonging.h"

/** state_parent - the container that encloses another, or NULL */
const struct audit_contid_container *state_parent(const struct state *state,
						  const struct audit_contid_container *c)
{
	return c->depth > 1 ? state_container(state, &c->parent) : NULL;
}

/** state_encloses - is a container the same as another, or around it? NULL is the host */
bool state_encloses(const struct state *state, const struct audit_contid_container *outer,
		    const struct audit_contid_container *inner)
{
	while (inner && inner != outer)
		inner = state_parent(state, inner);
	return inner == outer;
}

static const struct audit_contid_container *common_encloser(const struct state *state,
							    const struct audit_contid_container *a,
							    const struct audit_contid_container *b)
{
	while (a && !state_encloses(state, a, b))
		a = state_parent(state, a);
	return a;
}

static bool was_there(const struct scene *scene, const struct state *state, size_t i)
{
	return scene->items[i].saved || scene->procs.items[i].start < state->since;
}

/*
 * The container whose processes live in a mount namespace; NULL if there is none,
 * or several without an encloser, or processes of the host. @any says whether one of
 * them is in a container.
 */
static const struct audit_contid_container *residents(const struct scene *scene,
						      const struct state *state,
						      const struct mount_ns *ns, bool *any)
{
	const struct audit_contid_container *common = NULL;
	bool host = false;

	*any = false;
	for (size_t i = 0; i < scene->procs.count; i++) {
		const struct belonging *its = &scene->items[i];

		if (!mount_ns_equal(&scene->procs.items[i].mnt, ns) || !was_there(scene, state, i))
			continue;
		if (!its->to) {
			host = true;
			continue;
		}
		common = *any ? common_encloser(state, common, its->to) : its->to;
		*any = true;
	}
	return host ? NULL : common;
}

static int by_mnt(const void *a, const void *b)
{
	const struct mount_ns *x = a, *y = b;

	if (x->ino != y->ino)
		return x->ino < y->ino ? -1 : 1;
	return (x->dev > y->dev) - (x->dev < y->dev);
}

static bool is_of_host(const struct scene *scene, const struct mount_ns *ns)
{
	return bsearch(ns, scene->hosts, scene->hosts_count, sizeof(*scene->hosts), by_mnt);
}

/*
 * An orphan has a parent that knows nothing of it. If one that was saved is in the same cgroup
 * and mount namespace, and its parent is not, it may be such a one's child. So it may be in a
 * mount namespace that is none of the host's: it can have made that.
 */
static bool may_be_orphan(const struct scene *scene, size_t i)
{
	const struct proc *proc = &scene->procs.items[i];
	ssize_t parent = scene->items[i].parent;

	if (proc->parent != 1 && parent >= 0 &&
	    !strcmp(scene->procs.items[parent].cgroup, proc->cgroup))
		return false;
	for (size_t j = 0; j < scene->procs.count; j++) {
		const struct proc *other = &scene->procs.items[j];

		if (scene->items[j].saved && scene->items[j].to &&
		    !strcmp(other->cgroup, proc->cgroup) &&
		    (mount_ns_equal(&other->mnt, &proc->mnt) ||
		     (proc->mnt.ino && !is_of_host(scene, &proc->mnt))))
			return true;
	}
	return false;
}

/* Where the kernel would have put it, as far as that is known. Its parent is decided. */
static void place_newcomer(struct scene *scene, const struct state *state, size_t i)
{
	const struct proc *proc = &scene->procs.items[i], *parent = NULL;
	const struct audit_contid_container *there;
	struct belonging *its = &scene->items[i];
	bool any;

	if (its->parent >= 0) {
		parent = &scene->procs.items[its->parent];
		its->to = scene->items[its->parent].to;
	}
	if (proc->mnt.ino && !mount_ns_equal(&proc->mnt, &scene->host) &&
	    (!parent || !mount_ns_equal(&proc->mnt, &parent->mnt))) {
		there = residents(scene, state, &proc->mnt, &any);
		if (there && state_encloses(state, its->to, there))
			its->to = there;
		else if (any && !its->to)
			its->doubtful = true;
	}
	if (!its->to && may_be_orphan(scene, i))
		its->doubtful = true;
}

/* What it carries already stands, and it may have come along but half of its way. */
static void decide_newcomer(struct scene *scene, const struct state *state, size_t i)
{
	const struct audit_contid_container *has = NULL;
	struct belonging *its = &scene->items[i];

	place_newcomer(scene, state, i);
	for (unsigned int n = 0; n < its->label.depth && !has; n++)
		has = state_container(state, &its->label.contid[n]);
	if (!its->label.depth)
		return;
	its->doubtful = false;
	if (!state_encloses(state, has, its->to))
		its->to = has;
}

/*
 * Where its parent belongs comes first. There may be any number of generations, and in a list
 * that is not of one moment, parents may go round in circles.
 */
static void decide(struct scene *scene, const struct state *state, size_t i)
{
	size_t depth = 0;

	for (ssize_t at = i; at >= 0 && !scene->items[at].decided; at = scene->items[at].parent) {
		scene->items[at].decided = true;
		if (was_there(scene, state, at))
			break;
		scene->chain[depth++] = at;
	}
	while (depth)
		decide_newcomer(scene, state, scene->chain[--depth]);
}

static const struct state_process *saved_of(const struct state *state, const struct proc *proc)
{
	const struct state_process *saved = state_find(state, proc->pid);

	return saved && saved->start == proc->start ? saved : NULL;
}

static void find_hosts(struct scene *scene, const struct state *state)
{
	scene->hosts[scene->hosts_count++] = scene->host;
	for (size_t i = 0; i < scene->procs.count; i++) {
		const struct proc *proc = &scene->procs.items[i];

		if (proc->start < state->since && !saved_of(state, proc))
			scene->hosts[scene->hosts_count++] = proc->mnt;
	}
	qsort(scene->hosts, scene->hosts_count, sizeof(*scene->hosts), by_mnt);
}

/*
 * One that had entered, and is in a namespace of the host's by now, has gone back. In one that
 * is neither the host's nor the container's it is still inside: it has made that.
 */
static bool has_left(const struct scene *scene, const struct state_process *saved,
		     const struct proc *proc)
{
	return saved->origin == AUDIT_CONTID_ORIGIN_ADOPTED && saved->mnt && proc->mnt.ino &&
	       saved->mnt != proc->mnt.ino && is_of_host(scene, &proc->mnt);
}

static void recognize(struct scene *scene, const struct state *state, size_t i)
{
	const struct proc *proc = &scene->procs.items[i];
	const struct proc *parent = proc_list_find(&scene->procs, proc->parent);
	struct belonging *its = &scene->items[i];

	its->parent = parent && parent->start <= proc->start ? parent - scene->procs.items : -1;
	its->saved = saved_of(state, proc);
	if (its->saved && !has_left(scene, its->saved, proc))
		its->to = state_container(state, &its->saved->contid);
}

static bool is_alike(const struct audit_contid_get *a, const struct audit_contid_get *b)
{
	return a->depth == b->depth &&
	       (!a->depth || !memcmp(&a->contid[0], &b->contid[0], sizeof(a->contid[0])));
}

/*
 * From the youngest on, each is asked once: a container may have thousands of processes that
 * descend from one another. If parents go round in circles, nothing encloses them.
 */
static void find_common(struct scene *scene, const struct state *state)
{
	size_t count = scene->procs.count, ready = 0;

	for (size_t i = 0; i < count; i++) {
		if (scene->items[i].parent >= 0)
			scene->items[scene->items[i].parent].children++;
	}
	for (size_t i = 0; i < count; i++) {
		scene->items[i].common = scene->items[i].to;
		if (!scene->items[i].children)
			scene->chain[ready++] = i;
	}
	for (size_t n = 0; n < ready; n++) {
		const struct belonging *its = &scene->items[scene->chain[n]];
		struct belonging *parent = its->parent >= 0 ? &scene->items[its->parent] : NULL;

		if (parent && is_alike(&its->label, &parent->label))
			parent->common = common_encloser(state, parent->common, its->common);
		if (parent && !--parent->children)
			scene->chain[ready++] = its->parent;
	}
	for (size_t i = 0; i < count; i++) {
		if (scene->items[i].children)
			scene->items[i].common = NULL;
	}
}

/**
 * scene_place - decide where processes belong
 * @scene: with @procs and @host; to be freed by scene_free()
 * @device: the open device
 * @state: what was saved
 *
 * Return: false for want of memory; see errno.
 */
bool scene_place(struct scene *scene, const struct device *device, const struct state *state)
{
	size_t count = scene->procs.count;

	scene->items = calloc(count + 1, sizeof(*scene->items));
	scene->chain = calloc(count + 1, sizeof(*scene->chain));
	scene->hosts = calloc(count + 1, sizeof(*scene->hosts));
	if (!scene->items || !scene->chain || !scene->hosts) {
		scene_free(scene);
		errno = ENOMEM;
		return false;
	}
	find_hosts(scene, state);
	for (size_t i = 0; i < count; i++) {
		label_read(device, scene->procs.items[i].pid, &scene->items[i].label);
		recognize(scene, state, i);
	}
	for (size_t i = 0; i < count; i++)
		decide(scene, state, i);
	find_common(scene, state);
	return true;
}

/**
 * scene_read - scene_place() for the processes of this moment
 * @scene: out; to be freed by scene_free()
 * @device: the open device
 * @state: what was saved
 *
 * Return: false if that cannot be done; see errno.
 */
bool scene_read(struct scene *scene, const struct device *device, const struct state *state)
{
	*scene = (struct scene){};
	mount_ns_read(1, &scene->host);
	return proc_list_read(&scene->procs) && scene_place(scene, device, state);
}

/** scene_free - free what scene_read() has allocated */
void scene_free(struct scene *scene)
{
	free(scene->items);
	free(scene->chain);
	free(scene->hosts);
	proc_list_free(&scene->procs);
	*scene = (struct scene){};
}
