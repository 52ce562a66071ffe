// SPDX-License-Identifier: GPL-2.0
/*
 * The container of the process that a signal or ptrace was meant for.
 *
 * OBJ_PID is written when the syscall ends. By then its opid may be dead, reaped,
 * and its number another's; but the record has the time at which the syscall
 * began. So a labelled process that is released leaves a grave: its number, its
 * birth and its label. A process born after the event is never meant.
 *
 * Graves lie in small sets, each guarded by the lock of those processes whose graves will
 * lie there; the oldest of a full set makes room, and the set keeps its death in
 * @forgotten. For an event before that the owner of a number is unknown: ocontid=?
 */
#include <linux/audit.h>
#include <linux/pid_namespace.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <linux/skbuff.h>
#include <linux/timekeeping.h>
#include <net/netlink.h>

#include "object.h"
#include "registry.h"

#define WAYS 16

/**
 * struct grave - a labelled process that was released
 * @nr: its number in the initial PID namespace
 * @birth: when it was forked, nanoseconds of CLOCK_BOOTTIME
 * @death: when it was released, likewise, by the clock tick before: the same coarse
 *	clock that an event's time is of, so an event before it is never after it
 * @c: its container, a reference; NULL if the grave is empty
 */
struct grave {
	pid_t nr;
	u64 birth;
	u64 death;
	struct container *c;
};

static struct grave_set {
	unsigned int next;
	u64 forgotten; /* the last death that was made room for */
	struct grave graves[WAYS];
} ____cacheline_aligned_in_smp sets[1 << PROCESS_LOCK_BITS];

static struct grave_set *set_of(u32 hash)
{
	return &sets[process_lock_index(hash)];
}

/**
 * object_released - remember a labelled process that is released
 * @leader: its leader, whose number is its own for the last time
 * @hash: its process's
 * @c: its container, with a reference, which the grave takes over
 *
 * Context: the handler of release, under the process's lock.
 * Return: the container of the grave that made room, with a reference, or NULL.
 */
struct container *object_released(struct task_struct *leader, u32 hash, struct container *c)
{
	struct grave_set *set = set_of(hash);
	struct grave *grave = &set->graves[set->next++ % WAYS];
	struct container *old = grave->c;

	if (old)
		set->forgotten = grave->death;
	grave->nr = leader->tgid;
	grave->birth = leader->start_boottime;
	grave->death = ktime_get_coarse_boottime_ns();
	grave->c = c;
	return old;
}

/**
 * object_of - find the process that had a number at a time
 * @nr: the number, in the initial PID namespace
 * @when: the begin of the event's millisecond, nanoseconds of CLOCK_BOOTTIME
 * @c: out: the container of one that was contained, with a reference
 *
 * Context: handlers.
 */
enum object object_of(pid_t nr, u64 when, struct container **c)
{
	u32 hash = process_hash(nr);
	struct grave_set *set = set_of(hash);
	enum object object = OBJECT_HOST;
	struct task_struct *task;
	struct process *process;
	struct pid *pid;
	bool meant;
	u64 born;
	int i;

	rcu_read_lock();
	pid = find_pid_ns(nr, &init_pid_ns);
	task = pid ? pid_task(pid, PIDTYPE_TGID) : NULL;
	process = task ? process_find(pid) : NULL;
	*c = process ? READ_ONCE(process->container) : NULL;
	born = task ? task->start_boottime : 0;
	if (*c && born < when + NSEC_PER_MSEC && container_tryget(*c)) {
		rcu_read_unlock();
		return OBJECT_CONTAINED;
	}
	/* born later, or its label is going this moment */
	if (*c)
		object = OBJECT_UNKNOWN;
	rcu_read_unlock();

	/*
	 * A process that is being released still has its number, but no entry any more:
	 * its grave is dug under the lock under which that goes.
	 */
	*c = NULL;
	process_lock_at(hash);
	meant = task && born < when + NSEC_PER_MSEC;
	if (!meant && when <= set->forgotten)
		object = OBJECT_UNKNOWN;
	for (i = 0; i < WAYS; i++) {
		const struct grave *grave = &set->graves[i];

		if (!grave->c || grave->nr != nr || grave->death < when)
			continue;
		if (meant && grave->birth != born)
			continue;
		if (grave->birth >= when + NSEC_PER_MSEC) {
			object = OBJECT_UNKNOWN;
			continue;
		}
		*c = grave->c;
		container_get(*c);
		object = OBJECT_CONTAINED;
		break;
	}
	process_unlock_at(hash);
	return object;
}

/** object_exit - empty the graves. The probes are off. */
void object_exit(void)
{
	int set, i;

	for (set = 0; set < ARRAY_SIZE(sets); set++) {
		for (i = 0; i < WAYS; i++) {
			struct grave *grave = &sets[set].graves[i];

			if (grave->c)
				container_put(grave->c);
			grave->c = NULL;
		}
	}
}
