// SPDX-License-Identifier: GPL-2.0
/* A registration is judged here, in the order of the documented errors. */
#include <linux/gfp.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/string.h>
#include <linux/uuid.h>

#include "hooks.h"
#include "leave.h"
#include "name.h"
#include "namespaces.h"
#include "rate.h"
#include "record.h"
#include "register.h"
#include "registry.h"
#include "signalled.h"
#include "release.h"
#include "resident.h"
#include "target.h"
#include "tree.h"

static atomic64_t registered = ATOMIC64_INIT(0);
static atomic64_t refused = ATOMIC64_INIT(0);

/*
 * Has a process children, by any of its threads? A child that hops from an exiting
 * thread to a sibling has the same signal_struct above it before and after.
 * A single thread has all children itself: no other is left to hop from, and what
 * a new thread would make is a fork that finds the process being judged.
 */
static bool has_children(struct task_struct *task)
{
	struct task_struct *p;
	bool found = false;

	rcu_read_lock();
	if (thread_group_empty(task)) {
		found = !list_empty(&task->children);
	} else {
		for_each_process(p) {
			found = rcu_dereference(p->real_parent)->signal == task->signal;
			if (found)
				break;
		}
	}
	rcu_read_unlock();
	return found;
}

/**
 * struct request - a registration on its way
 * @arg: what the caller passed
 * @task: the target, perhaps not the leader, with a reference
 * @tgid: its process, with a reference
 * @own: what the caller carries, with a reference, or NULL
 * @c: the container to be published or joined, with a reference, or NULL
 * @mark: an entry for a target that has none, to be marked while it is judged
 * @spare: an entry for what it will carry in the place of what it carries. It may
 *	come to carry something while it is judged, so both are at hand from the
 *	beginning on; each is NULL once it is used, or if there was no memory
 * @judged: whether @old is known
 * @old: what the target carried, with a reference, or NULL
 * @ns: the target's namespaces
 * @name: a copy of the label for people
 * @name_len: bytes of that, 0 if there is none or it could not be read
 */
struct request {
	const struct audit_contid_register *arg;
	struct task_struct *task;
	struct pid *tgid;
	struct container *own;
	struct container *c;
	struct process *mark;
	struct process *spare;
	bool judged;
	struct container *old;
	struct namespaces ns;
	unsigned int name_len;
	char name[AUDIT_CONTID_LABEL_MAX];
};

static bool asked_for(const struct request *rq, u32 flag)
{
	return rq->arg->flags & flag;
}

/* Under the target's lock: what does not depend on its children or on others. */
static int register_judge(const struct request *rq, const struct process *process)
{
	const struct container *old = rq->old;

	if (!container_encloses(rq->own, old))
		return -EXDEV;
	if (asked_for(rq, AUDIT_CONTID_JOIN) && rq->c &&
	    (rq->c == old || !container_encloses(old, rq->c)))
		return -EXDEV;
	if (process && (process->flags & PROCESS_REGISTERED))
		return -EEXIST;
	if (asked_for(rq, AUDIT_CONTID_TREE) && old != tree_from())
		return -EAGAIN;
	return 0;
}

/* Under the target's lock: let the container have one process more. */
static int register_enter(struct request *rq, bool room)
{
	if (asked_for(rq, AUDIT_CONTID_JOIN)) {
		if (!rq->c || !room)
			return rq->c ? -ENOMEM : -ENOENT;
		return container_enter(rq->c) ? 0 : -ENOENT;
	}
	return container_publish(room ? rq->c : NULL, &rq->arg->contid, rq->old, pid_nr(rq->tgid));
}

/*
 * From here on, every fork of the target finds its entry, and says so in it. A
 * target that carries nothing gets one for that, without a container.
 */
static int register_open(struct request *rq)
{
	struct process *process;
	int err = 0;

	rcu_read_lock();
	process = process_lock(rq->tgid);
	if (!atomic_read(&rq->task->signal->live) || target_is_unborn(rq->tgid)) {
		err = -ESRCH;
	} else if (!process && rq->mark) {
		process = rq->mark;
		rq->mark = NULL;
		process_insert(process, rq->tgid, NULL, 0);
	}
	if (!err && process)
		process->flags = (process->flags | PROCESS_JUDGED) & ~PROCESS_FORKED;
	process_unlock(rq->tgid);
	rcu_read_unlock();
	/*
	 * Pairs with the one in hook_fork(), and with atomic_dec_and_test() of
	 * signal->live before the hook of exit: either that hook finds the entry,
	 * or register_close() finds the target dead.
	 */
	smp_mb();
	return err;
}

/* Under the target's lock: judge, and commit. */
static int register_decide(struct request *rq, struct process *process, bool children)
{
	const u32 mark = asked_for(rq, AUDIT_CONTID_RESTORE) ? 0 : PROCESS_REGISTERED;
	bool room = process && (!process->container || rq->spare);
	int err;

	if (!atomic_read(&rq->task->signal->live))
		return -ESRCH;
	rq->old = process ? process->container : NULL;
	rq->judged = true;
	if (rq->old)
		container_get(rq->old);
	err = register_judge(rq, process);
	if (err)
		return err;
	if (!asked_for(rq, AUDIT_CONTID_TREE) &&
	    (children || (process && process->flags & PROCESS_FORKED)))
		return -EBUSY;
	err = register_enter(rq, room);
	if (err)
		return err;
	container_get(rq->c);
	if (rq->old) {
		process_replace(process, rq->spare, rq->tgid, rq->c, mark);
		process = rq->spare;
		rq->spare = NULL;
	} else {
		process->flags |= mark;
		/* pairs with the dependent loads of all that find the entry */
		smp_store_release(&process->container, rq->c);
	}
	if (asked_for(rq, AUDIT_CONTID_TREE)) {
		WRITE_ONCE(process->walk, tree_walk_id());
		/* the root may die before its descendants are labelled */
		container_pin(rq->c);
	}
	return 0;
}

static int register_close(struct request *rq, bool children)
{
	struct process *process;
	int err;

	rcu_read_lock();
	err = register_decide(rq, process_lock(rq->tgid), children);
	process = process_find(rq->tgid);
	if (process) {
		process->flags &= ~(PROCESS_JUDGED | PROCESS_FORKED);
		/* what a tree has marked meanwhile, tree_end() removes */
		if (process_is_empty(process) && !tree_is_active())
			process_remove(process);
	}
	process_unlock(rq->tgid);
	if (!err && rq->old)
		leave_one(rq->old, pid_nr(rq->tgid));
	rcu_read_unlock();
	return err;
}

/* One at a time: the marks in the target's entry are for one judge alone. */
static int register_one(struct request *rq)
{
	static DEFINE_MUTEX(judging);
	int err;

	mutex_lock(&judging);
	err = register_open(rq);
	if (!err)
		err = register_close(rq, has_children(rq->task));
	mutex_unlock(&judging);
	if (!err)
		resident_settle(rq->task);
	return err;
}

/* Read what a target carries that is refused beforehand, for the record. */
static void request_look(struct request *rq)
{
	rq->old = container_of_process(rq->tgid);
	rq->judged = true;
}

static int register_tree(struct request *rq)
{
	struct container *from = container_of_process(rq->tgid);
	int err;

	err = tree_begin(rq->tgid, from);
	if (!err) {
		if (tree_has(current)) {
			request_look(rq);
			err = -EXDEV;
		} else {
			err = register_one(rq);
		}
		if (!err) {
			tree_label_all(rq->c);
			leave_unpin(rq->c, pid_nr(rq->tgid));
		}
		tree_end();
	}
	if (from)
		container_put(from);
	return err;
}

static int request_check(const struct audit_contid_register *arg)
{
	const u32 known = TARGET_FLAGS | AUDIT_CONTID_JOIN | AUDIT_CONTID_TREE |
			  AUDIT_CONTID_RESTORE;

	if ((arg->flags & ~known) || !target_is_one(arg->flags) || arg->reserved0 ||
	    memchr_inv(arg->reserved, 0, sizeof(arg->reserved)) ||
	    !memchr_inv(&arg->contid, 0, sizeof(arg->contid)) ||
	    !memchr_inv(&arg->contid, 0xff, sizeof(arg->contid)))
		return -EINVAL;
	/* a container that lives already has its label, or none */
	if (!arg->label != !arg->label_len || (arg->label && (arg->flags & AUDIT_CONTID_JOIN)))
		return -EINVAL;
	return 0;
}

static int request_name(struct request *rq)
{
	int err = name_read(rq->name, rq->arg->label, rq->arg->label_len);

	rq->name_len = err ? 0 : rq->arg->label_len;
	return err;
}

static int request_target(struct request *rq)
{
	struct task_struct *task = target_get(rq->arg->flags, rq->arg->target);

	if (IS_ERR(task))
		return PTR_ERR(task);
	rq->task = task;
	rcu_read_lock();
	rq->tgid = get_pid(task_tgid(task));
	rcu_read_unlock();
	if (!rq->tgid || !atomic_read(&task->signal->live))
		return -ESRCH;
	if (target_is_kthread(task))
		return -EINVAL;
	if (same_thread_group(task, current)) {
		request_look(rq);
		return -EXDEV;
	}
	namespaces_read(task, &rq->ns);
	return 0;
}

/* No memory for this is reported last, as it is the last of the documented errors. */
static void request_prepare(struct request *rq)
{
	bool memory = !hook_hidden("memory");

	rq->own = container_of_process(task_tgid(current));
	if (asked_for(rq, AUDIT_CONTID_JOIN)) {
		rq->c = container_find_get(&rq->arg->contid);
	} else if (memory) {
		rq->c = container_alloc(&rq->arg->contid, rq->name, rq->name_len);
		if (rq->c) {
			rq->c->ns = rq->ns;
			record_prepare(rq->c);
			signalled_prepare(rq->c);
			leave_prepare(rq->c);
			rate_prepare(rq->c);
		}
	}
	if (memory) {
		rq->mark = process_alloc(GFP_KERNEL);
		rq->spare = process_alloc(GFP_KERNEL);
	}
}

static void request_free(struct request *rq)
{
	process_free(rq->mark);
	process_free(rq->spare);
	if (rq->old)
		container_put(rq->old);
	if (rq->c)
		container_put(rq->c);
	if (rq->own)
		container_put(rq->own);
	put_pid(rq->tgid);
	if (rq->task)
		put_task_struct(rq->task);
}

static void request_record(const struct request *rq, int err)
{
	const char *op = asked_for(rq, AUDIT_CONTID_JOIN) ? "join" : "register";
	const char *old = rq->old ? rq->old->label : "-1";
	char wanted[UUID_STRING_LEN + 1];

	snprintf(wanted, sizeof(wanted), "%pUb", &rq->arg->contid);
	record_operation(&(struct operation){
		.op = op,
		.opid = rq->tgid ? pid_nr(rq->tgid) : 0,
		.label = err ? wanted : rq->c->label,
		.old_label = rq->judged ? old : NULL,
		.ns = rq->ns.dev ? &rq->ns : NULL,
		.err = err,
		.name = rq->name,
		.name_len = rq->name_len,
	});
}

/**
 * register_process - AUDIT_CONTID_IOC_REGISTER
 * @arg: a copy of what the caller passed
 *
 * Context: may sleep; the caller holds the capability.
 * Return: 0 or an error of the list in the UAPI header. Leaves a record.
 */
int register_process(const struct audit_contid_register *arg)
{
	struct request rq = { .arg = arg };
	int err;

	err = request_check(arg);
	if (!err)
		err = request_name(&rq);
	if (!err)
		err = request_target(&rq);
	if (!err) {
		registration_begin();
		request_prepare(&rq);
		err = asked_for(&rq, AUDIT_CONTID_TREE) ? register_tree(&rq) : register_one(&rq);
		if (!err)
			containers_changed();
		registration_end();
	}
	request_record(&rq, err);
	request_free(&rq);
	atomic64_inc(err ? &refused : &registered);
	return err;
}

/**
 * register_stats - read the counters
 * @done: registrations and joins
 * @not_done: refused ones
 */
void register_stats(u64 *done, u64 *not_done)
{
	*done = atomic64_read(&registered);
	*not_done = atomic64_read(&refused);
}
