// SPDX-License-Identifier: GPL-2.0
/*
 * Letting all containers go at once, while their processes live on: live
 * containers hold the module, so to load another version of it an administrator saves
 * what there is, releases it, and puts it back afterwards.
 *
 * No label survives, and none is lost by a release that is refused:
 *
 *  1. No registration, join or tree is going on, nor begins (@registering is held
 *     for writing). So there is no entry that is being judged, no mark of a tree
 *     and no container that is pinned, and only handlers give labels from here on.
 *  2. synchronize_rcu(): an adoption that was on its way when the caller began to
 *     look has finished, and is counted.
 *  3. containers_close() decides, under containers_lock: if something has come
 *     into a container or gone back since the caller looked, it is refused, and
 *     nothing was touched. Else all containers are pinned in the same step: none
 *     ends by an exit any more, so each has one end on record, op=drop before this
 *     step, op=release after it. From this step on nobody is adopted (that is
 *     asked under the same lock), and fork's hook does not let a child inherit.
 *  4. synchronize_rcu(): a handler that has not seen this had preemption off, and
 *     has finished. The child to which it gave a label has its entry by now.
 *  5. So no entry with a container is added any more, and one walk over the table
 *     takes them all, each under the lock of its process. An exit, a reaping or a
 *     return by setns that goes on meanwhile removes an entry under the same lock:
 *     one of both finds it, and takes the process off the container's count. A
 *     return does that after it has given up the lock, so the walk is followed by
 *     synchronize_rcu(): each handler that took an entry has counted by then.
 *  6. Only its pin and the containers in it keep a container alive now: they
 *     are ended from the inside outwards. None is left, and the handlers are let
 *     in again: they find nobody to inherit from, and nobody's home.
 *  7. With no lock held any more each end is recorded.
 *
 * A record's field is put by its end hook: one that ended before its process's
 * entry was removed has it, whenever the daemon gets to read it; none does later.
 * A child that is born between steps 3 and 5 has no label though its parent still
 * has one: it is one of those that come later, to be found through its parent.
 */
#include <linux/rcupdate.h>
#include <linux/rwsem.h>
#include <linux/sched/signal.h>

#include "hold.h"
#include "leave.h"
#include "record.h"
#include "registry.h"
#include "release.h"

static DECLARE_RWSEM(registering);

/** registration_begin - nothing is released until registration_end() */
void registration_begin(void)
{
	down_read(&registering);
}

/** registration_end - undo registration_begin() */
void registration_end(void)
{
	up_read(&registering);
}

/* Under RCU, which keeps the container of an entry that is removed here. */
static void take_label(struct process *process)
{
	struct pid *tgid = process->pid;
	struct container *c = NULL;

	process = process_lock(tgid);
	if (process && process->container) {
		/* a dead one has left already, and only waits to be reaped */
		if (!(process->flags & PROCESS_DEAD))
			c = process->container;
		process_remove(process);
	}
	process_unlock(tgid);
	if (!c)
		return;
	c->taken++;
	leave_one(c, pid_nr(tgid));
}

static int release_locked(u64 changes, struct list_head *all)
{
	struct container *own = container_of_process(task_tgid(current)), *c;
	int err;

	if (own) {
		container_put(own);
		return -EPERM;
	}
	synchronize_rcu();
	err = containers_close(changes, all);
	if (err)
		return err;
	synchronize_rcu();
	process_for_each(take_label);
	synchronize_rcu();
	list_for_each_entry_reverse(c, all, releasing)
		container_end_released(c);
	WARN_ON_ONCE(containers_live());
	containers_open();
	return 0;
}

/**
 * release_all - AUDIT_CONTID_IOC_RELEASE
 * @changes: what containers_changes() was when the caller began to look
 *
 * Context: may sleep; the caller holds the capability.
 * Return: 0 or an error of the list in the UAPI header. Leaves a record for each
 * container that it has let go.
 */
int release_all(u64 changes)
{
	struct container *c, *next;
	LIST_HEAD(all);
	int err;

	if (down_write_killable(&registering))
		return -EINTR;
	err = release_locked(changes, &all);
	up_write(&registering);
	hold_wake();
	list_for_each_entry_safe(c, next, &all, releasing) {
		record_release(c);
		list_del(&c->releasing);
		container_put(c);
	}
	return err;
}
