// SPDX-License-Identifier: GPL-2.0
/* What is to be done with the containers that are found. */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "adoption.h"

#define CHUNK 64

/**
 * aside_add - tell of a process
 * @list: where
 * @proc: the process
 * @found: the container that it has to do with, or NULL
 * @err: why it was refused, as errno
 *
 * Return: false for want of memory.
 */
bool aside_add(struct aside_list *list, const struct proc *proc, const struct found *found, int err)
{
	struct aside *more = reallocarray(list->items, list->count + 1, sizeof(*more));
	struct aside *aside;

	if (!more)
		return false;
	list->items = more;
	aside = &more[list->count];
	*aside = (struct aside){
		.pid = proc->pid,
		.start = proc->start,
		.cgroup = strdup(proc->cgroup),
		.found = found,
		.err = err,
	};
	if (!aside->cgroup)
		return false;
	memcpy(aside->name, proc->name, sizeof(aside->name));
	list->count++;
	return true;
}

/** aside_has - is it told of already? */
bool aside_has(const struct aside_list *list, const struct proc *proc)
{
	for (size_t i = 0; i < list->count; i++) {
		if (list->items[i].pid == proc->pid && list->items[i].start == proc->start)
			return true;
	}
	return false;
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
	*label = (struct audit_contid_get){ .flags = AUDIT_CONTID_PID, .target = pid };
	if (!ioctl(device->fd, AUDIT_CONTID_IOC_GET, label))
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

static bool contid_lives(const struct device *device, const struct audit_contid *contid)
{
	struct audit_contid_container buffer[CHUNK];
	struct audit_contid_list list = {};

	do {
		list = (struct audit_contid_list){
			.after = list.after,
			.buffer = (uintptr_t)buffer,
			.count = CHUNK,
		};
		if (ioctl(device->fd, AUDIT_CONTID_IOC_LIST, &list))
			return false;
		for (uint32_t i = 0; i < list.count; i++) {
			if (contid_equal(&buffer[i].contid, contid))
				return true;
			list.after = buffer[i].serial;
		}
	} while (list.more);
	return false;
}

static bool is_planned(const struct adoption *adoption, const struct found *before,
		       const struct audit_contid *contid)
{
	for (size_t i = 0; i < adoption->found.count; i++) {
		const struct found *found = adoption->found.items[i];

		if (found == before)
			break;
		if (found->init && found->action == REGISTER &&
		    contid_equal(&found->id.contid, contid))
			return true;
	}
	return false;
}

/* What the kernel would say, as far as can be known without asking it. */
static int foresee(const struct adoption *adoption, const struct found *found)
{
	if (contid_lives(&adoption->device, &found->id.contid) ||
	    is_planned(adoption, found, &found->id.contid))
		return ENOTUNIQ;
	return found->depth > adoption->device.info.max_depth ? EMLINK : 0;
}

/* Will its first process carry the outer one when that is registered and joined? */
static bool will_inherit(const struct adoption *adoption, const struct proc_list *procs,
			 const struct found *found)
{
	const struct proc *proc = proc_list_find(procs, found->init);

	for (size_t i = 0; proc && i <= procs->count; i++) {
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

static void plan_kept(struct found *found, const struct audit_contid_get *label)
{
	unsigned int at = label_find(label, &found->id.contid);

	found->action = KEEP;
	/* another ID than its own: it has been given that, and keeps it */
	if (at == label->depth)
		at = 0;
	found->id.contid = label->contid[at];
	set_parent(found, &label->contid[at + 1], label->depth - at);
}

static void plan_found(const struct adoption *adoption, const struct proc_list *procs,
		       struct found *found)
{
	const struct found *outer = found->outer && found->outer->init ? found->outer : NULL;
	struct audit_contid_get label;

	found->planned = true;
	label_read(&adoption->device, found->init, &label);
	if (label_has(&label, &found->id.contid) ||
	    label.origin == AUDIT_CONTID_ORIGIN_REGISTERED) {
		plan_kept(found, &label);
		return;
	}
	found->action = REGISTER;
	if (label.depth) {
		set_parent(found, &label.contid[0], label.depth + 1);
	} else if (outer && outer->action != REFUSE && will_inherit(adoption, procs, found)) {
		set_parent(found, &outer->id.contid, outer->depth + 1);
	} else {
		set_parent(found, NULL, 1);
	}
	if (!adoption->dry_run)
		return;
	found->err = foresee(adoption, found);
	if (found->err)
		found->action = REFUSE;
	else
		found_note_nesting(found);
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
	if (found->action == REGISTER && found_descends(procs, proc, found->init))
		return true;
	return found_note_joined(found, proc);
}

/* Whatever is the first process of a PID namespace may be a container's. */
static bool look_at_stranger(struct adoption *adoption, const struct proc *proc)
{
	struct audit_contid_get label;

	if (!proc->first || aside_has(&adoption->unknown, proc) ||
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
		return aside_has(&adoption->runtimes, proc) ||
		       aside_add(&adoption->runtimes, proc, found, 0);
	if (!found)
		return look_at_stranger(adoption, proc);
	return !found->is_new || count(adoption, procs, proc, found);
}

/**
 * adoption_plan - what is to be done with the containers that are new
 * @adoption: with the containers that were found
 * @procs: all processes, placed
 *
 * Return: false for want of memory.
 */
bool adoption_plan(struct adoption *adoption, const struct proc_list *procs)
{
	const struct found_list *list = &adoption->found;
	bool ok = true;

	for (size_t i = 0; i < list->count; i++) {
		struct found *found = list->items[i];

		found->is_new = !found->planned && found->init;
		if (found->is_new)
			plan_found(adoption, procs, found);
	}
	for (size_t i = 0; ok && i < procs->count; i++)
		ok = plan_process(adoption, procs, &procs->items[i]);
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
