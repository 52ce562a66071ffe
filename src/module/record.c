// SPDX-License-Identifier: GPL-2.0
/*
 * Operation records. audit_log_start() sleeps and a handler may not: the records of
 * handlers are owed (owed.c).
 */
#include <linux/audit.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <linux/slab.h>

#include "container.h"
#include "name.h"
#include "namespaces.h"
#include "owed.h"
#include "record.h"

static struct audit_buffer *record_start(struct audit_context *ctx, const char *op)
{
	struct audit_buffer *ab;

	if (audit_enabled == AUDIT_OFF)
		return NULL;
	ab = audit_log_start(ctx, GFP_KERNEL, AUDIT_KERNEL_OTHER);
	if (ab)
		audit_log_format(ab, "op=%s", op);
	return ab;
}

/* The label for people comes last: if the record is too long, that is what it loses. */
static void record_end_named(struct audit_buffer *ab, int err, const char *name, unsigned int len)
{
	audit_log_task_info(ab);
	if (err)
		audit_log_format(ab, " errno=%d", -err);
	audit_log_format(ab, " res=%d", !err);
	name_log(ab, name, len);
	audit_log_end(ab);
}

static void record_end(struct audit_buffer *ab, int err)
{
	record_end_named(ab, err, NULL, 0);
}

/**
 * record_operation - what an orchestrator asked for, in the event of its ioctl
 * @operation: all of it
 *
 * Context: may sleep for as long as audit's backlog_wait_time; no locks held.
 */
void record_operation(const struct operation *operation)
{
	struct audit_buffer *ab = record_start(audit_context(), operation->op);

	if (!ab)
		return;
	if (operation->opid)
		audit_log_format(ab, " opid=%d", operation->opid);
	else
		audit_log_format(ab, " opid=?");
	audit_log_format(ab, " ocontid=%s old-ocontid=%s", operation->label ?: "?",
			 operation->old_label ?: "?");
	namespaces_log(ab, operation->ns);
	record_end_named(ab, operation->err, operation->name, operation->name_len);
}

/**
 * record_rate - a limit of records was set, or refused
 * @rating: all of it
 *
 * Context: may sleep for as long as audit's backlog_wait_time; no locks held but that of the
 * module's parameters, if it is one of these.
 */
void record_rate(const struct rating *rating)
{
	struct audit_buffer *ab = record_start(audit_context(), "rate");

	if (!ab)
		return;
	if (rating->c)
		audit_log_format(ab, " opid=? ocontid=%s", rating->c->label);
	else if (rating->contid)
		audit_log_format(ab, " opid=? ocontid=%pUb", rating->contid);
	else
		audit_log_format(ab, " opid=? ocontid=?");
	audit_log_format(ab, " rate=%llu burst=%llu", rating->rate, rating->burst);
	if (rating->c)
		audit_log_format(ab, " old-rate=%u old-burst=%u", rating->was_rate,
				 rating->was_burst);
	record_end(ab, rating->err);
}

/**
 * record_release - the end of a container whose processes live on
 * @c: the container, with a reference held by the caller
 *
 * An event of its own, as there may be many.
 *
 * Context: may sleep for as long as audit's backlog_wait_time; no locks held.
 */
void record_release(const struct container *c)
{
	struct audit_buffer *ab = record_start(NULL, "release");

	if (!ab)
		return;
	audit_log_format(ab, " opid=? ocontid=%s processes=%u", c->label, c->taken);
	record_end_named(ab, 0, c->name, c->name_len);
}

/**
 * record_module - the module comes or goes
 * @op: load or unload
 * @live: live containers
 *
 * Context: may sleep.
 */
void record_module(const char *op, unsigned int live)
{
	struct audit_buffer *ab = record_start(NULL, op);

	if (!ab)
		return;
	audit_log_format(ab, " version=%s containers=%u", AUDIT_CONTID_VERSION, live);
	record_end(ab, 0);
}

/**
 * record_hooks - the probes were found switched off, or on again
 * @on: which
 *
 * Context: may sleep.
 */
void record_hooks(bool on)
{
	struct audit_buffer *ab = record_start(NULL, "hooks");

	if (ab)
		record_end(ab, on ? 0 : -EIO);
}

/**
 * record_signal - current has signalled auditd
 * @sig: the signal
 * @opid: auditd
 *
 * Context: may sleep for as long as audit's backlog_wait_time; no locks held.
 */
void record_signal(int sig, pid_t opid)
{
	struct audit_buffer *ab = record_start(NULL, "signal");

	if (!ab)
		return;
	audit_log_format(ab, " sig=%d opid=%d", sig, opid);
	record_end(ab, 0);
}

/**
 * record_drop - the end of a container
 * @c: the container, with a reference held by the caller
 * @last_pid: its last process
 *
 * Context: may sleep for as long as audit's backlog_wait_time; no locks held.
 */
void record_drop(const struct container *c, pid_t last_pid)
{
	struct audit_buffer *ab = record_start(NULL, "drop");

	if (!ab)
		return;
	audit_log_format(ab, " opid=%d ocontid=%s", last_pid, c->label);
	record_end_named(ab, 0, c->name, c->name_len);
}

static void late_write(struct container *c, struct late_record *late, const char *op)
{
	struct audit_buffer *ab = NULL;
	pid_t pid = READ_ONCE(late->pid);
	unsigned int count;

	/* first: what comes from here on asks for a record of its own */
	atomic_set(&late->busy, 0);
	/* pairs with atomic_xchg() in late_queue(), after its count */
	smp_mb__after_atomic();
	count = atomic_xchg(&late->count, 0);
	if (count)
		ab = record_start(NULL, op);
	if (ab) {
		audit_log_format(ab, " opid=%d ocontid=%s count=%u", pid, c->label, count);
		record_end(ab, -ENOMEM);
	}
	container_put(c);
}

static void adopt_pay(struct owed *owed)
{
	struct container *c = container_of(owed, struct container, adopt.owed);

	late_write(c, &c->adopt, "adopt");
}

static void inherit_pay(struct owed *owed)
{
	struct container *c = container_of(owed, struct container, inherit.owed);

	late_write(c, &c->inherit, "inherit");
}

/**
 * record_prepare - prepare the room for the records that handlers will owe
 * @c: the container
 */
void record_prepare(struct container *c)
{
	owed_prepare(&c->inherit.owed, inherit_pay);
	owed_prepare(&c->adopt.owed, adopt_pay);
}

static void late_queue(struct container *c, struct late_record *late, pid_t pid)
{
	WRITE_ONCE(late->pid, pid);
	atomic_inc(&late->count);
	if (atomic_xchg(&late->busy, 1))
		return;
	container_get(c);
	owed_add(&late->owed);
}

/**
 * record_inherit_failed - record that a child was killed for want of memory, soon
 * @c: what it would have inherited, with a reference held by the caller
 * @pid: the child
 *
 * Context: any, from the handlers. More that come while one is pending are counted in it.
 */
void record_inherit_failed(struct container *c, pid_t pid)
{
	late_queue(c, &c->inherit, pid);
}

/**
 * struct note - a record that is written as soon as its task returns to userspace
 * @owed: writes it
 * @task: the object, with a reference
 * @c: its container, with a reference; NULL if it is in none
 * @pid: the process's number, which it has no more once it is reaped
 * @op: the operation
 * @err: 0, or why it was not done
 */
struct note {
	struct owed owed;
	struct task_struct *task;
	struct container *c;
	pid_t pid;
	const char *op;
	int err;
};

static void note_pay(struct owed *owed)
{
	struct note *note = container_of(owed, struct note, owed);
	struct audit_buffer *ab = record_start(NULL, note->op);
	struct namespaces ns;

	if (ab) {
		namespaces_read(note->task, &ns);
		audit_log_format(ab, " opid=%d", note->pid);
		if (note->c)
			audit_log_format(ab, " ocontid=%s", note->c->label);
		namespaces_log(ab, &ns);
		record_end(ab, note->err);
	}
	if (note->c)
		container_put(note->c);
	else
		module_put(THIS_MODULE);
	put_task_struct(note->task);
	kfree(note);
}

/* False without memory, or if it comes too late. */
static bool note_owe(const char *op, struct container *c, struct task_struct *task, int err)
{
	struct note *note = kzalloc(sizeof(*note), GFP_ATOMIC | __GFP_NOWARN);

	if (!note)
		return false;
	note->op = op;
	note->err = err;
	note->c = c;
	/*
	 * A container holds the module for as long as it lives. If there is none, anybody's
	 * process may owe this, and hang before it pays: unload refuses rather than hangs, too.
	 */
	if (c) {
		container_get(c);
	} else if (!try_module_get(THIS_MODULE)) {
		kfree(note);
		return false;
	}
	note->pid = task_tgid_nr(task);
	note->task = task;
	get_task_struct(task);
	owed_prepare(&note->owed, note_pay);
	owed_add(&note->owed);
	return true;
}

/**
 * record_adopt - record that a process entered a container or left it, soon
 * @op: adopt or leave
 * @c: the container, with a reference held by the caller
 * @task: the process
 * @err: why it does not carry the container's label, or 0
 *
 * Context: handlers. Without memory for the record itself, their number is
 * recorded, with the last pid.
 */
void record_adopt(const char *op, struct container *c, struct task_struct *task, int err)
{
	if (!note_owe(op, c, task, err))
		late_queue(c, &c->adopt, task_tgid_nr(task));
}

/**
 * record_unlabelled - record that a PID namespace's process 1 carries nothing, soon
 * @task: the process, current, which executes a program: that will be the record's exe=
 *
 * Context: handlers.
 * Return: false without memory.
 */
bool record_unlabelled(struct task_struct *task)
{
	return note_owe("unlabelled", NULL, task, 0);
}
