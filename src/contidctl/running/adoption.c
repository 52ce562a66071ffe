// SPDX-License-Identifier: GPL-2.0
/* What is to be done with the containers that are found. */
#include <errno.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "array.h"
#include "adoption.h"
#include "uuid5.h"

/* for one adoption_look(), at most */
#define LOOKS 3

static int by_process(const void *a, const void *b)
{
	const struct aside_key *x = a, *y = b;

	if (x->pid != y->pid)
		return x->pid < y->pid ? -1 : 1;
	return (x->start > y->start) - (x->start < y->start);
}

/**
 * aside_find - is it told of already?
 * @list: where
 * @proc: the process
 *
 * Return: what is told, or NULL.
 */
const struct aside *aside_find(const struct aside_list *list, const struct proc *proc)
{
	const struct aside_key key = { .pid = proc->pid, .start = proc->start };
	struct aside_key **found = tfind(&key, &list->index, by_process);

	return found ? &list->items[(*found)->place] : NULL;
}

static bool aside_index(struct aside_list *list, const struct proc *proc)
{
	struct aside_key *key = malloc(sizeof(*key));

	if (!key)
		return false;
	*key = (struct aside_key){ proc->pid, proc->start, list->count };
	if (tsearch(key, &list->index, by_process))
		return true;
	free(key);
	return false;
}

/**
 * aside_add - tell of a process
 * @list: where
 * @proc: the process, which is not told of yet
 * @found: the container that it has to do with, or NULL
 * @err: why it was refused, as errno
 *
 * Return: false for want of memory.
 */
bool aside_add(struct aside_list *list, const struct proc *proc, const struct found *found, int err)
{
	struct aside *more = array_room(list->items, list->count, sizeof(*more)), *aside;

	if (!more)
		return false;
	list->items = more;
	aside = &list->items[list->count];
	*aside = (struct aside){
		.pid = proc->pid,
		.cgroup = strdup(proc->cgroup),
		.found = found,
		.err = err,
	};
	if (!aside->cgroup || !aside_index(list, proc))
		return false;
	memcpy(aside->name, proc->name, sizeof(aside->name));
	list->count++;
	return true;
}

/**
 * label_read - what does a process carry?
 * @device: the open device
 * @pid: its number
 * @label: out
 *
 * Return: 0 or an errno.
 */
int label_read(const struct device *device, pid_t pid, struct audit_contid_get *label)
{
	if (!contid_get(device->fd, pid, AUDIT_CONTID_PID, label))
		return 0;
	label->depth = 0;
	return errno;
}

static bool contid_equal(const struct audit_contid *a, const struct audit_contid *b)
{
	return !memcmp(a->b, b->b, sizeof(a->b));
}

static unsigned int label_find(const struct audit_contid_get *label,
			       const struct audit_contid *contid)
{
	unsigned int i;

	for (i = 0; i < label->depth; i++) {
		if (contid_equal(&label->contid[i], contid))
			break;
	}
	return i;
}

/** label_has - is a container among what a process carries? */
bool label_has(const struct audit_contid_get *label, const struct audit_contid *contid)
{
	return label_find(label, contid) < label->depth;
}

/* Will its first process carry the outer one when that is registered and joined? */
static bool will_inherit(const struct adoption *adoption, const struct proc_list *procs,
			 const struct found *found)
{
	const struct proc *proc = proc_list_find(procs, found->init);
	size_t generations = found_generations(procs, found);

	for (size_t i = 0; proc && i < generations; i++) {
		proc = proc_list_find(procs, proc->parent);
		if (proc && !found_is_runtime(found->outer, proc) &&
		    found_encloses(found->outer, found_innermost(&adoption->found, proc)))
			return true;
	}
	return false;
}

static void set_parent(struct found *found, const struct audit_contid *parent, unsigned int depth)
{
	found->depth = depth;
	if (depth > 1)
		found->parent = *parent;
}

/* Is the first process of a container that lives what amounts to root of the host? */
static bool is_of_power(const struct adoption *adoption, const struct proc_list *procs,
			const struct audit_contid *contid)
{
	const struct id_in_use *around = in_use_find(adoption, contid);
	const struct proc *first = around ? proc_list_find(procs, around->first) : NULL;
	uint64_t tick_ns = 1000000000 / sysconf(_SC_CLK_TCK);

	/* if it began later, another process has the number by now */
	return first && first->is_powerful && first->start * tick_ns <= around->created_ns;
}

/* Who has chosen a name: what is around a process's container at this depth of its label. */
static void name_of(char *text, size_t size, const struct found *found,
		    const struct audit_contid_get *label, unsigned int at)
{
	if (at < label->depth)
		contid_format(&label->contid[at], text);
	else
		snprintf(text, size, "%u", found->owner.uid);
}

/*
 * The ID of a name that is not root's choice. A container that was given it in an earlier
 * run carries it by now: so each ID in the label may be this one, made of what is around
 * it.
 */
static bool settle_owned(struct found *found, const struct audit_contid_get *label)
{
	char text[sizeof(found->name_of)];
	struct audit_contid contid;

	for (unsigned int at = 1; at <= label->depth; at++) {
		name_of(text, sizeof(text), found, label, at);
		if (contid_of_owned(text, found->id.runtime, found->id.name, &contid))
			return false;
		if (contid_equal(&contid, &label->contid[at - 1])) {
			strcpy(found->name_of, text);
			found->id.contid = contid;
			return true;
		}
	}
	name_of(found->name_of, sizeof(found->name_of), found, label, 0);
	return !contid_of_owned(found->name_of, found->id.runtime, found->id.name,
				&found->id.contid);
}

/*
 * The ID of what is around, though no first process of it may be there, which could say more:
 * then a cgroup that is not root's has its owner's choice for a name.
 */
static bool id_around(const struct found *around, unsigned int levels, struct audit_contid *contid)
{
	char text[sizeof(around->name_of)];

	*contid = around->id.contid;
	if (around->planned || (around->owner.is_root && !around->outer))
		return true;
	snprintf(text, sizeof(text), "%u", around->owner.uid);
	if (around->outer && levels) {
		if (!id_around(around->outer, levels - 1, contid))
			return false;
		contid_format(contid, text);
	}
	return !contid_of_owned(text, around->id.runtime, around->id.name, contid);
}

/*
 * A container's name is believed if it is root's choice: by its cgroup, and nobody in
 * a container around it can have made that, but one that amounts to root of the host.
 * What is not believed gets an ID that none of root's containers can have.
 */
static bool settle_id(const struct adoption *adoption, const struct proc_list *procs,
		      struct found *found, const struct audit_contid_get *label)
{
	const struct found *outer = found->outer;
	struct audit_contid around;

	if (label_has(label, &found->id.contid) && found->owner.is_root)
		return true;
	if (outer) {
		if (found->owner.is_root && outer->is_powerful && !*outer->name_of)
			return true;
		if (!id_around(outer, FOUND_LEVELS, &around))
			return false;
		contid_format(&around, found->name_of);
		return !contid_of_owned(found->name_of, found->id.runtime, found->id.name,
					&found->id.contid);
	}
	if (found->owner.is_root &&
	    (!label->depth || is_of_power(adoption, procs, &label->contid[0])))
		return true;
	return settle_owned(found, label);
}

static void plan_kept(struct found *found, const struct audit_contid_get *label)
{
	unsigned int at = label_find(label, &found->id.contid);

	found->action = KEEP;
	/* another ID than its own: it has been given that, and keeps it */
	if (at == label->depth) {
		at = 0;
		*found->name_of = '\0';
	}
	found->id.contid = label->contid[at];
	set_parent(found, &label->contid[at + 1], label->depth - at);
}

static const char has_guest[] =
	"its cgroup is not root's alone, and a process of it lives in a mount namespace that root "
	"has made and others may live in: if it is a container, `contidctl register --tree`";

static const char too_many_named[] =
	"a quarter of the module's parameter max_containers is for containers whose names are not "
	"root's, and so many live: end some, or raise that";

/*
 * Is its first process still the one that was seen? The kernel was asked by its number, which
 * may be another one's by now, of another container.
 */
static bool is_still_first(const struct found *found)
{
	struct proc now;
	bool same;

	if (!proc_read(found->init, &now))
		return false;
	same = now.start == found->start;
	proc_free(&now);
	return same;
}

/*
 * What it is called, and whether it has an ID. If its first process has just ended, or that of
 * the one around it, the next look decides. Return: false for want of memory.
 */
static bool plan_name(struct adoption *adoption, const struct proc_list *procs, struct found *found)
{
	struct audit_contid_get label;

	label_read(&adoption->device, found->init, &label);
	if (!is_still_first(found) ||
	    (found->outer && found->outer->init && !found->outer->planned)) {
		found->is_new = false;
		return true;
	}
	found->planned = true;
	if (!settle_id(adoption, procs, found, &label))
		return false;
	if (label_has(&label, &found->id.contid) || label.origin == AUDIT_CONTID_ORIGIN_REGISTERED)
		plan_kept(found, &label);
	else
		found->action = REGISTER;
	return true;
}

/*
 * A user can make as many cgroups as processes, and all of max_containers would be theirs.
 * What a cgroup of root's does not tell of may be a user's, too: it has left its cgroup.
 */
static void count_others(struct adoption *adoption)
{
	size_t roots = 0, planned = 0;

	for (size_t i = 0; i < adoption->found.count; i++) {
		const struct found *found = adoption->found.items[i];

		roots += found->init && found_is_roots(found) &&
			 (found->action == KEEP || (found->action == REGISTER && found->done));
		planned += found->init && !found_is_roots(found) && found->planned &&
			   !found->is_new && found->action == REGISTER && !found->done;
	}
	adoption->others = planned + (adoption->live > roots ? adoption->live - roots : 0);
}

static bool is_one_too_many(struct adoption *adoption, const struct found *found)
{
	unsigned int max = adoption->device.info.max_containers;

	if (found_is_roots(found))
		return false;
	return adoption->others++ >= max / 4 + !!(max % 4);
}

/* One that has no ID yet. Return: false for want of memory. */
static bool plan_new(struct adoption *adoption, const struct proc_list *procs, struct found *found)
{
	const struct found *outer = found->outer && found->outer->init ? found->outer : NULL;
	struct audit_contid_get label;
	int err;

	if (found->has_guest) {
		found_refuse(found, EPERM, has_guest);
		return true;
	}
	if (is_one_too_many(adoption, found)) {
		found_refuse(found, ENOSPC, too_many_named);
		return true;
	}
	label_read(&adoption->device, found->init, &label);
	if (label.depth) {
		set_parent(found, &label.contid[0], label.depth + 1);
	} else if (outer && outer->action != REFUSE && will_inherit(adoption, procs, found)) {
		set_parent(found, &outer->id.contid, outer->depth + 1);
	} else {
		set_parent(found, NULL, 1);
	}
	/*
	 * A user can have as many cgroups of one ID as processes. The kernel would be asked for
	 * each at every look, and each answer is on record.
	 */
	if (!adoption->dry_run && !*found->name_of)
		return true;
	err = in_use_foresee(adoption, found);
	if (err) {
		found_refuse(found, err, NULL);
		return true;
	}
	if (adoption->dry_run)
		found_note_nesting(found);
	return in_use_add(adoption, &found->id.contid, found->init, 0);
}

/* Count a process for the container that it is in. */
static bool count(const struct adoption *adoption, const struct proc_list *procs,
		  const struct proc *proc, struct found *found)
{
	struct audit_contid_get label;

	found->processes++;
	if (found->action == REFUSE || proc->pid == found->init ||
	    label_read(&adoption->device, proc->pid, &label) == ESRCH ||
	    label_has(&label, &found->id.contid))
		return true;
	if (found->action == REGISTER && found_descends(procs, found, proc, found->init))
		return true;
	return found_note_joined(found, proc);
}

/* Whatever is the first process of a PID namespace may be a container's. */
static bool look_at_stranger(struct adoption *adoption, const struct proc *proc)
{
	struct audit_contid_get label;

	if (!proc->first || aside_find(&adoption->unknown, proc) ||
	    label_read(&adoption->device, proc->pid, &label) || label.depth)
		return true;
	return aside_add(&adoption->unknown, proc, NULL, 0);
}

static bool plan_process(struct adoption *adoption, const struct proc_list *procs,
			 const struct proc *proc)
{
	struct found *found = found_innermost(&adoption->found, proc);
	bool is_runtime = found ? found_is_runtime(found, proc) : proc->is_monitor;

	if (is_runtime)
		return aside_find(&adoption->runtimes, proc) ||
		       aside_add(&adoption->runtimes, proc, found, 0);
	if (!found)
		return look_at_stranger(adoption, proc);
	return !found->is_new || count(adoption, procs, proc, found);
}

/**
 * adoption_plan - find containers, and decide what is to be done with those that are new
 * @adoption: with the open device, and what earlier looks have found
 * @procs: all processes
 *
 * Return: false if there is no memory.
 */
bool adoption_plan(struct adoption *adoption, struct proc_list *procs)
{
	const struct found_list *list = &adoption->found;
	bool ok = found_list_update(&adoption->found, procs) && in_use_read(adoption);

	for (size_t i = 0; ok && i < list->count; i++) {
		struct found *found = list->items[i];

		found->is_new = !found->planned && found->init;
		if (found->is_new)
			ok = plan_name(adoption, procs, found);
	}
	count_others(adoption);
	for (size_t i = 0; ok && i < list->count; i++) {
		if (list->items[i]->is_new && list->items[i]->action == REGISTER)
			ok = plan_new(adoption, procs, list->items[i]);
	}
	for (size_t i = 0; ok && i < procs->count; i++)
		ok = plan_process(adoption, procs, &procs->items[i]);
	return ok;
}

static bool is_decided(const struct adoption *adoption)
{
	for (size_t i = 0; i < adoption->found.count; i++) {
		if (adoption->found.items[i]->init && !adoption->found.items[i]->planned)
			return false;
	}
	return true;
}

/**
 * adoption_look - adoption_plan() for the processes of this moment
 * @adoption: likewise
 *
 * A few times, if first processes end meanwhile.
 *
 * Return: false if /proc cannot be read, or there is no memory; see errno.
 */
bool adoption_look(struct adoption *adoption)
{
	struct proc_list procs;
	bool ok = true;

	for (int i = 0; ok && (!i || (i < LOOKS && !is_decided(adoption))); i++) {
		if (!proc_list_read(&procs))
			return false;
		ok = adoption_plan(adoption, &procs);
		proc_list_free(&procs);
	}
	return ok;
}

/** adoption_is_complete - nothing is left that could not be done */
bool adoption_is_complete(const struct adoption *adoption)
{
	for (size_t i = 0; i < adoption->found.count; i++) {
		const struct found *found = adoption->found.items[i];

		if (found->planned && (found->action == REFUSE || found->note))
			return false;
	}
	return !adoption->refused.count;
}
