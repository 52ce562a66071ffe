// SPDX-License-Identifier: GPL-2.0
/*
 * Operation records. A handler may not sleep and audit_log_start() does, so the
 * end of a container is recorded by task work of the process that ended it, or
 * by a worker where that process can not take task work any more. Each
 * container brings the room for that with it: a drop can not get lost for want
 * of memory.
 *
 * Unload: record_exit() waits until no work is pending, and then until no task
 * can still be in the last instructions of one (synchronize_rcu_tasks()).
 */
#include <linux/audit.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/wait.h>

#include "record.h"
#include "registry.h"

/* records that task work or a worker has still to write; each holds its container */
static atomic_t pending = ATOMIC_INIT(0);
static DECLARE_WAIT_QUEUE_HEAD(pending_wait);
static struct workqueue_struct *workers;

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

static void record_end(struct audit_buffer *ab, int err)
{
	audit_log_task_info(ab);
	if (err)
		audit_log_format(ab, " errno=%d", -err);
	audit_log_format(ab, " res=%d", !err);
	audit_log_end(ab);
}

/**
 * record_operation - what an orchestrator asked for, in the event of its ioctl
 * @op: the operation
 * @opid: the target in the initial PID namespace, 0 where it is not known
 * @label: the contid asked for, NULL where it is not known
 * @old_label: what the target carried, NULL where it is not known
 * @ns: the target's namespaces, NULL where there is no target
 * @err: 0 or the error that it was refused with
 *
 * Context: may sleep for as long as audit's backlog_wait_time; no locks held.
 */
void record_operation(const char *op, pid_t opid, const char *label, const char *old_label,
		      const struct namespaces *ns, int err)
{
	struct audit_buffer *ab = record_start(audit_context(), op);

	if (!ab)
		return;
	if (opid)
		audit_log_format(ab, " opid=%d", opid);
	else
		audit_log_format(ab, " opid=?");
	audit_log_format(ab, " ocontid=%s old-ocontid=%s", label ?: "?", old_label ?: "?");
	namespaces_log(ab, ns);
	record_end(ab, err);
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
	record_end(ab, 0);
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

static void late_done(struct container *c)
{
	container_put(c);
	if (atomic_dec_and_test(&pending))
		wake_up_all(&pending_wait);
}

static void late_write(struct container *c, struct late_record *late, const char *op, int err)
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
		audit_log_format(ab, " opid=%d ocontid=%s", pid, c->label);
		if (err)
			audit_log_format(ab, " count=%u", count);
		record_end(ab, err);
	}
	late_done(c);
}

/*
 * The ends that one process brought about, from the inside outwards: a task work
 * for each would be run last in, first out.
 */
static void drop_write(struct container *innermost)
{
	pid_t pid = READ_ONCE(innermost->drop.pid);
	struct container *c = innermost;
	unsigned int i;

	for (i = 0; i < innermost->drop_levels; i++, c = c->parent) {
		struct audit_buffer *ab = record_start(NULL, "drop");

		if (!ab)
			continue;
		audit_log_format(ab, " opid=%d ocontid=%s", pid, c->label);
		record_end(ab, 0);
	}
	late_done(innermost);
}

static void drop_task_work(struct callback_head *head)
{
	drop_write(container_of(head, struct container, drop.task_work));
}

static void drop_work(struct work_struct *work)
{
	drop_write(container_of(work, struct container, drop.work));
}

static void adopt_task_work(struct callback_head *head)
{
	struct container *c = container_of(head, struct container, adopt.task_work);

	late_write(c, &c->adopt, "adopt", -ENOMEM);
}

static void adopt_work(struct work_struct *work)
{
	struct container *c = container_of(work, struct container, adopt.work);

	late_write(c, &c->adopt, "adopt", -ENOMEM);
}

static void inherit_task_work(struct callback_head *head)
{
	struct container *c = container_of(head, struct container, inherit.task_work);

	late_write(c, &c->inherit, "inherit", -ENOMEM);
}

static void inherit_work(struct work_struct *work)
{
	struct container *c = container_of(work, struct container, inherit.work);

	late_write(c, &c->inherit, "inherit", -ENOMEM);
}

/**
 * record_late_init - prepare the room for a container's late records
 * @c: the container
 */
void record_late_init(struct container *c)
{
	init_task_work(&c->drop.task_work, drop_task_work);
	INIT_WORK(&c->drop.work, drop_work);
	init_task_work(&c->inherit.task_work, inherit_task_work);
	INIT_WORK(&c->inherit.work, inherit_work);
	init_task_work(&c->adopt.task_work, adopt_task_work);
	INIT_WORK(&c->adopt.work, adopt_work);
}

static void late_queue(struct container *c, struct late_record *late, pid_t pid)
{
	WRITE_ONCE(late->pid, pid);
	atomic_inc(&late->count);
	if (atomic_xchg(&late->busy, 1))
		return;
	container_get(c);
	atomic_inc(&pending);
	if ((current->flags & PF_KTHREAD) || task_work_add(current, &late->task_work, TWA_RESUME))
		queue_work(workers, &late->work);
}

/**
 * record_drop - record the end of a container, soon
 * @c: the container, kept by a reference; takes one of its own
 * @levels: how many end, with those that enclose it
 * @last_pid: the last process
 *
 * Context: any, from the handlers of exit and release. Once for each container.
 */
void record_drop(struct container *c, unsigned int levels, pid_t last_pid)
{
	c->drop_levels = levels;
	late_queue(c, &c->drop, last_pid);
}

/**
 * record_inherit_failed - record that a child was killed for want of memory, soon
 * @c: what it would have inherited, with a reference held by the caller
 * @pid: the child
 *
 * Context: any, from the handlers. What comes while one is pending is counted.
 */
void record_inherit_failed(struct container *c, pid_t pid)
{
	late_queue(c, &c->inherit, pid);
}

/**
 * struct note - a record that is written as soon as its task returns to userspace
 * @task_work: where the current task can take it
 * @work: where it can not
 * @task: the object, with a reference
 * @c: its container, with a reference
 * @op: the operation
 * @err: 0, or why it was not done
 */
struct note {
	struct callback_head task_work;
	struct work_struct work;
	struct task_struct *task;
	struct container *c;
	const char *op;
	int err;
};

static void note_write(struct note *note)
{
	struct audit_buffer *ab = record_start(NULL, note->op);
	struct namespaces ns;

	if (ab) {
		namespaces_read(note->task, &ns);
		audit_log_format(ab, " opid=%d ocontid=%s", task_tgid_nr(note->task),
				 note->c->label);
		namespaces_log(ab, &ns);
		record_end(ab, note->err);
	}
	container_put(note->c);
	put_task_struct(note->task);
	kfree(note);
	if (atomic_dec_and_test(&pending))
		wake_up_all(&pending_wait);
}

static void note_task_work(struct callback_head *head)
{
	note_write(container_of(head, struct note, task_work));
}

static void note_work(struct work_struct *work)
{
	note_write(container_of(work, struct note, work));
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
	struct note *note = kzalloc(sizeof(*note), GFP_ATOMIC | __GFP_NOWARN);

	if (!note) {
		late_queue(c, &c->adopt, task_tgid_nr(task));
		return;
	}
	note->op = op;
	note->err = err;
	note->c = c;
	container_get(c);
	note->task = task;
	get_task_struct(task);
	init_task_work(&note->task_work, note_task_work);
	INIT_WORK(&note->work, note_work);
	atomic_inc(&pending);
	if ((current->flags & PF_KTHREAD) || task_work_add(current, &note->task_work, TWA_RESUME))
		queue_work(workers, &note->work);
}

/** record_init - get ready. May sleep. */
int record_init(void)
{
	workers = alloc_workqueue("audit_contid", WQ_UNBOUND, 0);
	return workers ? 0 : -ENOMEM;
}

/**
 * record_exit - wait for what is pending
 *
 * Context: may sleep, as long as audit's backlog_wait_time; the probes are off.
 */
void record_exit(void)
{
	wait_event(pending_wait, !atomic_read(&pending));
	synchronize_rcu_tasks();
	destroy_workqueue(workers);
}
