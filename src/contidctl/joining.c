// SPDX-License-Identifier: GPL-2.0
/*
 * Registering containers, and joining who belongs to them.
 *
 * Outer ones first, a level at a time: what is in an inner container has to carry
 * the outer one when the inner is registered, and it has to have inherited that:
 * who was joined can not be registered any more. So it is always the topmost of
 * those who belong to a container that is joined, with all its descendants.
 *
 * Meanwhile they fork and exit. Who was born in the container of one that carries
 * its ID carries it too; so the number of those who do not can only shrink, but
 * for those who are faster than a look at all of /proc. These are chased: each is
 * joined the moment that it is seen.
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
#include "registration.h"

#define SECONDS_PER_LEVEL 60
#define ROUNDS		  8
#define CLEAN		  5 /* so many looks in a row have to find nobody */

static const char too_fast[] =
	"some processes in it end faster than they can be joined: stop what starts them, and "
	"run this again";

/**
 * struct pass - one look at all processes
 * @level: of the containers that are joined now
 * @left: processes that were to be joined
 * @missed: those that had ended, or changed, when it came to that
 * @ok: false for want of memory
 */
struct pass {
	unsigned int level;
	size_t left;
	size_t missed;
	bool ok;
};

/* What another look may put right. */
static bool is_passing(int err)
{
	return err == ESRCH || err == EAGAIN || err == EINTR;
}

/*
 * The pidfd comes first: what is read about the number after that is about the
 * same process, or that has ended and the kernel says so.
 *
 * Return: 0 or an errno; ESRCH where it is not in @found any more.
 */
static int ask(const struct adoption *adoption, struct found *found, pid_t pid,
	       unsigned long long start, const struct registration *what)
{
	int pidfd = syscall(SYS_pidfd_open, pid, 0), err = ESRCH;
	struct proc now;

	if (pidfd < 0)
		return errno == EINVAL ? ESRCH : errno;
	if (proc_read(pid, &now)) {
		found_place(&adoption->found, &now);
		if (now.start == start &&
		    found_target(&adoption->found, &now, found->level) == found)
			err = registration_ask(&adoption->device, what, pidfd);
		proc_free(&now);
	}
	close(pidfd);
	return err;
}

static void refuse(struct found *found, int err)
{
	found->action = REFUSE;
	found->err = err;
	found->joined_count = 0;
}

static void register_found(const struct adoption *adoption, struct found *found)
{
	struct registration what = {
		.pid = found->init,
		.contid = found->id.contid,
		.tree = true,
	};
	struct audit_contid_get label;
	int err;

	err = ask(adoption, found, found->init, found->start, &what);
	if (is_passing(err))
		return;
	found->done = true;
	if (err) {
		refuse(found, err);
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

/* Does an inner container wait to be registered, whose first process descends from it? */
static bool is_above_inner(const struct adoption *adoption, const struct proc_list *procs,
			   const struct proc *proc, const struct found *inner)
{
	const struct proc *init;

	for (size_t i = 0; i < adoption->found.count; i++) {
		const struct found *found = adoption->found.items[i];

		if (!found->init || found->done || found->action != REGISTER ||
		    !found_encloses(inner, found) || proc->pid == found->init)
			continue;
		init = proc_list_find(procs, found->init);
		if (init && found_descends(procs, init, proc->pid))
			return true;
	}
	return false;
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
		label_has(label, &found->parent) && found_descends(procs, init, proc->pid));
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
	if (inner != found && !is_above_inner(adoption, procs, proc, inner))
		return NULL;
	if (aside_has(&adoption->refused, proc) ||
	    label_read(&adoption->device, proc->pid, &label) == ESRCH)
		return NULL;
	if (label_has(&label, &found->id.contid) || keeps_its_own(procs, proc, found, &label))
		return NULL;
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

	err = ask(adoption, found, proc->pid, proc->start, &what);
	if (err == EBUSY && !tree) {
		what.tree = true;
		err = ask(adoption, found, proc->pid, proc->start, &what);
	}
	if (is_passing(err))
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
	for (size_t i = 0; to && i < procs.count; i++) {
		to[i] = wanted(adoption, &procs, &procs.items[i], pass->level);
		pass->left += !!to[i];
	}
	for (size_t i = 0; to && pass->left && i < procs.count; i++) {
		const struct proc *parent = &procs.items[i];
		bool covered = false;

		for (size_t j = 0; to[i] && !covered && j <= procs.count; j++) {
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
	if (found && is_open(found) && found == found_innermost(&adoption->found, &proc) &&
	    !found_is_runtime(found, &proc) && !aside_has(&adoption->refused, &proc) &&
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
	for (size_t i = 0; i < procs.count; i++) {
		struct found *found;

		found_place(&adoption->found, &procs.items[i]);
		found = wanted(adoption, &procs, &procs.items[i], level);
		if (found)
			found->note = too_fast;
	}
	proc_list_free(&procs);
	return true;
}

static bool join_level(struct adoption *adoption, unsigned int level)
{
	time_t end = seconds() + SECONDS_PER_LEVEL;
	struct pass pass = { .level = level };
	int clean = 0;

	while (clean < CLEAN) {
		look(adoption, &pass);
		if (!pass.ok)
			return false;
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

/* One look for containers, and all that there is to do. Sets @again where it found some. */
static bool do_round(struct adoption *adoption, bool *again)
{
	struct proc_list procs;
	bool ok;

	*again = false;
	if (!proc_list_read(&procs))
		return false;
	ok = found_list_update(&adoption->found, &procs) && adoption_plan(adoption, &procs);
	proc_list_free(&procs);
	for (unsigned int level = 0; ok && level < levels(adoption); level++) {
		bool any = false;

		for (size_t i = 0; i < adoption->found.count; i++) {
			struct found *found = adoption->found.items[i];

			if (found->level != level || !found->init || found->done)
				continue;
			any = true;
			if (found->action == REGISTER)
				register_found(adoption, found);
			else
				found->done = true;
		}
		*again |= any;
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
		if (!do_round(adoption, &again))
			return false;
	}
	/* its first process was another one each time */
	for (size_t i = 0; i < adoption->found.count; i++) {
		struct found *found = adoption->found.items[i];

		if (found->planned && found->init && !found->done)
			refuse(found, ESRCH);
	}
	return true;
}
