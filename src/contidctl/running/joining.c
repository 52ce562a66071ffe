// SPDX-License-Identifier: GPL-2.0
/*
 * Registering containers, and joining who belongs to them.
 *
 * Outer ones first, a level at a time: what is in an inner container has to carry
 * the outer one when the inner is registered, and it has to have inherited that:
 * who was joined cannot be registered any more. So it is always the topmost of
 * those who belong to a container that is joined, with all its descendants.
 *
 * Meanwhile they fork and exit. Who was born in the container of one that carries
 * its ID carries it too; so the number of those who do not can only shrink, but
 * for those who are faster than a look at all of /proc. These are chased: each is
 * joined the moment that it is seen.
 *
 * That is for containers whose names are root's choice. A user who forks into a cgroup would
 * hold up all others: theirs get one look.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "adoption.h"
#include "enrol.h"
#include "naming.h"
#include "processes.h"
#include "virt_control.h"

#define SECONDS_PER_LEVEL 60
#define ROUNDS		  8
#define CLEAN		  5 /* so many looks in a row have to find nobody */

static const char too_fast[] =
	"some processes in it end faster than they can be joined: stop what starts them, and "
	"run this again";
static const char is_guest[] =
	"its cgroup is not root's alone, and a process of it that lives in a mount namespace of "
	"root's, or has started one there, was not joined";
static const char too_many_first[] = "its first process was another one each time: run this again";

/**
 * struct pass - one look at all processes
 * @level: of the containers that are joined now
 * @again: it is not the first
 * @left: processes that were to be joined to containers of root's
 * @missed: those that had ended, or changed, when it came to that
 * @ok: false for want of memory
 */
struct pass {
	unsigned int level;
	bool again;
	size_t left;
	size_t missed;
	bool ok;
};

/**
 * struct member - a process that is to be in a container
 * @adoption: knows all containers
 * @found: the container
 */
struct member {
	const struct adoption *adoption;
	const struct found *found;
};

static bool still_belongs(void *data, struct proc *now)
{
	const struct member *member = data;

	found_place(&member->adoption->found, now);
	return found_target(&member->adoption->found, now, member->found->level) == member->found;
}

static int ask(const struct adoption *adoption, const struct found *found, unsigned long long start,
	       struct registration *what)
{
	struct member member = { .adoption = adoption, .found = found };

	return enrol(&adoption->device, what, start, &(struct belongs){ still_belongs, &member });
}

/* A name that others than root have chosen is not shown as the container's. */
static void find_names(const struct found *found, struct naming *naming)
{
	struct audit_contid contid;

	if (*found->name_of)
		return;
	naming_set(naming, NAMING_ID, found->id.name);
	naming_of_engine(naming, found->id.name);
	naming_set(naming, NAMING_ENGINE, found->id.runtime);
	if (contid_parse(found->id.name, &contid))
		naming_set(naming, NAMING_LABEL, found->id.name);
}

static void register_found(const struct adoption *adoption, struct found *found)
{
	struct naming naming = {};
	struct registration what = {
		.pid = found->init,
		.contid = found->id.contid,
		.tree = true,
		.start = !*found->name_of,
	};
	struct audit_contid_get label;
	int err;

	find_names(found, &naming);
	what.label = naming.part[NAMING_LABEL];
	err = ask(adoption, found, found->start, &what);
	if (!err)
		virt_control_start(&what.contid, what.pid, &naming, "adopted");
	naming_free(&naming);
	if (enrol_may_pass(err))
		return;
	found->done = true;
	if (err) {
		found_refuse(found, err, NULL);
		return;
	}
	if (label_read(&adoption->device, found->init, &label) || !label.depth)
		return;
	found->depth = label.depth;
	if (label.depth > 1)
		found->parent = label.contid[1];
	found_note_nesting(found);
}

static bool is_open(const struct found *found)
{
	return found->init && (found->action == KEEP || (found->action == REGISTER && found->done));
}

/*
 * Marks each process from which the first process of a container descends that waits to
 * be registered, if that container is nested in the process's own.
 */
static void mark_above_inner(const struct adoption *adoption, const struct proc_list *procs)
{
	for (size_t i = 0; i < adoption->found.count; i++) {
		const struct found *found = adoption->found.items[i];
		size_t generations = found_generations(procs, found);
		struct proc *proc;

		if (!found->init || found->done || found->action != REGISTER)
			continue;
		proc = proc_list_find(procs, found->init);
		for (size_t n = 0; proc && n < generations; n++) {
			proc = proc_list_find(procs, proc->parent);
			if (proc && found_encloses(found_innermost(&adoption->found, proc), found))
				proc->is_above_inner = true;
		}
	}
}

/*
 * Who carries something and is in the container's mount namespace only, has entered
 * it. Who was joined to the outer container, and has started this one, stays there.
 */
static bool keeps_its_own(const struct proc_list *procs, const struct proc *proc,
			  const struct found *found, const struct audit_contid_get *label)
{
	const struct proc *init = proc_list_find(procs, found->init);

	if (!label->depth)
		return false;
	return !proc->in ||
	       (label->origin == AUDIT_CONTID_ORIGIN_REGISTERED && init && found->depth > 1 &&
		label_has(label, &found->parent) && found_descends(procs, found, init, proc->pid));
}

/*
 * The container that a process is to be joined to, or NULL. Who is in an inner
 * one is joined to that, when it is that one's turn.
 */
static struct found *wanted(struct adoption *adoption, const struct proc_list *procs,
			    const struct proc *proc, unsigned int level)
{
	struct found *found = found_target(&adoption->found, proc, level);
	struct found *inner = found_innermost(&adoption->found, proc);
	struct audit_contid_get label;

	if (!found || !is_open(found) || found_is_runtime(found, proc))
		return NULL;
	if (inner != found && !proc->is_above_inner)
		return NULL;
	if (aside_find(&adoption->refused, proc) ||
	    label_read(&adoption->device, proc->pid, &label) == ESRCH)
		return NULL;
	if (label_has(&label, &found->id.contid) || keeps_its_own(procs, proc, found, &label))
		return NULL;
	if (proc->leads_to_guest && !found->owner.is_root) {
		found->note = is_guest;
		return NULL;
	}
	return found;
}

static void join(struct adoption *adoption, struct pass *pass, const struct proc *proc,
		 struct found *found, bool tree)
{
	struct registration what = {
		.pid = proc->pid,
		.contid = found->id.contid,
		.join = true,
		.tree = tree,
	};
	int err;

	err = ask(adoption, found, proc->start, &what);
	if (enrol_may_pass(err))
		pass->missed++;
	else if (err)
		pass->ok &= aside_add(&adoption->refused, proc, found, err);
	else if (found == found_innermost(&adoption->found, proc))
		pass->ok &= found_note_joined(found, proc);
}

/* A look at all: the topmost are joined, with who descends from them. */
static void look(struct adoption *adoption, struct pass *pass)
{
	struct found **to;
	struct proc_list procs;

	pass->left = 0;
	pass->missed = 0;
	pass->ok = proc_list_read(&procs);
	to = pass->ok ? calloc(procs.count + 1, sizeof(*to)) : NULL;
	pass->ok = to;
	for (size_t i = 0; to && i < procs.count; i++)
		found_place(&adoption->found, &procs.items[i]);
	if (to) {
		found_mark_guests(&adoption->found, &procs);
		mark_above_inner(adoption, &procs);
	}
	for (size_t i = 0; to && i < procs.count; i++) {
		to[i] = wanted(adoption, &procs, &procs.items[i], pass->level);
		if (to[i] && !found_is_roots(to[i]) && pass->again)
			to[i] = NULL;
		pass->left += to[i] && found_is_roots(to[i]);
	}
	pass->again = true;
	for (size_t i = 0; to && i < procs.count; i++) {
		const struct proc *parent = &procs.items[i];
		size_t generations = to[i] ? found_generations(&procs, to[i]) : 0;
		bool covered = false;

		for (size_t j = 0; !covered && j < generations; j++) {
			parent = proc_list_find(&procs, parent->parent);
			if (!parent)
				break;
			covered = to[parent - procs.items] == to[i];
		}
		if (to[i] && !covered)
			join(adoption, pass, &procs.items[i], to[i], procs.items[i].has_child);
	}
	free(to);
	proc_list_free(&procs);
}

/* Only who is too fast to have been joined: who was is left to the look at all. */
static bool is_chased(const struct proc *proc, const struct found *found,
		      const struct audit_contid_get *label)
{
	if (!label->depth)
		return true;
	return proc->in && label->origin != AUDIT_CONTID_ORIGIN_REGISTERED &&
	       !label_has(label, &found->id.contid);
}

static void chase_one(struct adoption *adoption, struct pass *pass, pid_t pid)
{
	struct audit_contid_get label;
	struct found *found;
	struct proc proc;

	if (!proc_read(pid, &proc))
		return;
	found_place(&adoption->found, &proc);
	found = found_target(&adoption->found, &proc, pass->level);
	if (found && found_is_roots(found) && is_open(found) &&
	    found == found_innermost(&adoption->found, &proc) && !found_is_runtime(found, &proc) &&
	    !aside_find(&adoption->refused, &proc) &&
	    label_read(&adoption->device, pid, &label) != ESRCH &&
	    is_chased(&proc, found, &label)) {
		pass->left++;
		join(adoption, pass, &proc, found, false);
	}
	proc_free(&proc);
}

/*
 * Those who are too fast: the buffer is so small that each entry of /proc is read
 * when it is this process's turn.
 */
static void chase(struct adoption *adoption, struct pass *pass)
{
	union {
		struct dirent64 entry;
		char room[64];
	} buffer;
	int fd = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	pid_t pid;
	long n;

	if (fd < 0)
		return;
	while (pass->ok && (n = syscall(SYS_getdents64, fd, &buffer, sizeof(buffer.room))) > 0) {
		const struct dirent64 *entry;

		for (long at = 0; at < n; at += entry->d_reclen) {
			entry = (const void *)(buffer.room + at);
			if (pid_parse(entry->d_name, &pid))
				chase_one(adoption, pass, pid);
		}
	}
	close(fd);
}

static time_t seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

/* They have not come to an end: say so of those who are to blame. */
static bool give_up(struct adoption *adoption, unsigned int level)
{
	struct proc_list procs;

	if (!proc_list_read(&procs))
		return false;
	for (size_t i = 0; i < procs.count; i++)
		found_place(&adoption->found, &procs.items[i]);
	found_mark_guests(&adoption->found, &procs);
	mark_above_inner(adoption, &procs);
	for (size_t i = 0; i < procs.count; i++) {
		struct found *found = wanted(adoption, &procs, &procs.items[i], level);

		if (found && found_is_roots(found))
			found->note = too_fast;
	}
	proc_list_free(&procs);
	return true;
}

static bool has_roots(const struct adoption *adoption, unsigned int level)
{
	for (size_t i = 0; i < adoption->found.count; i++) {
		const struct found *found = adoption->found.items[i];

		if (found->level == level && is_open(found) && found_is_roots(found))
			return true;
	}
	return false;
}

static bool join_level(struct adoption *adoption, unsigned int level)
{
	bool once = !has_roots(adoption, level);
	time_t end = seconds() + SECONDS_PER_LEVEL;
	struct pass pass = { .level = level };
	int clean = 0;

	while (clean < CLEAN) {
		look(adoption, &pass);
		if (!pass.ok || once)
			return pass.ok;
		/* who hops from one process to the next may have been between both */
		chase(adoption, &pass);
		if (!pass.ok)
			return false;
		clean = pass.left ? 0 : clean + 1;
		if (seconds() > end)
			return give_up(adoption, level);
	}
	return true;
}

static unsigned int levels(const struct adoption *adoption)
{
	size_t count = adoption->found.count;

	return count ? adoption->found.items[count - 1]->level + 1 : 0;
}

/*
 * One look for containers, and all that there is to do. Sets @again if it found some: those
 * whose names are not root's are looked for twice.
 */
static bool do_round(struct adoption *adoption, bool first, bool *again)
{
	bool ok = adoption_look(adoption);

	*again = false;
	for (unsigned int level = 0; ok && level < levels(adoption); level++) {
		bool any = false;

		for (size_t i = 0; i < adoption->found.count; i++) {
			struct found *found = adoption->found.items[i];

			if (found->level != level || !found->init || found->done)
				continue;
			*again |= first || found_is_roots(found);
			if (!found->planned)
				continue;
			any = true;
			if (found->action == REGISTER)
				register_found(adoption, found);
			else
				found->done = true;
		}
		if (any)
			ok = join_level(adoption, level);
	}
	return ok;
}

/**
 * adoption_do - register and join, until nothing is new
 * @adoption: with the open device; what was done is left in it
 *
 * Return: false for want of memory.
 */
bool adoption_do(struct adoption *adoption)
{
	bool again = true;

	for (int i = 0; again && i < ROUNDS; i++) {
		if (!do_round(adoption, !i, &again))
			return false;
	}
	/* its first process was another one each time */
	for (size_t i = 0; i < adoption->found.count; i++) {
		struct found *found = adoption->found.items[i];

		if (found->init && !found->done && (found->planned || found_is_roots(found))) {
			found->planned = true;
			found_refuse(found, ESRCH, NULL);
			found->note = too_many_first;
		}
	}
	return true;
}
