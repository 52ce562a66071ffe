// SPDX-License-Identifier: GPL-2.0
/*
 * The container of the process that a signal or ptrace was meant for.
 *
 * OBJ_PID is written when the syscall ends. By then its opid may be dead, reaped,
 * and its number another's; but the record has the time at which the syscall
 * began. So a labelled process that is released leaves a grave: its number, its
 * birth and its label. A process born after the event is never meant.
 *
 * Graves lie in small sets by the number's hash, each with a lock of its own; the
 * oldest of a full set makes room, and the set keeps its death in @forgotten. For an
 * event before that the owner of a number is unknown: ocontid=? A set's lock nests
 * inside a process's lock.
 */
#include <linux/audit.h>
#include <linux/hash.h>
#include <linux/pid_namespace.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <linux/skbuff.h>
#include <linux/spinlock.h>
#include <linux/timekeeping.h>
#include <net/netlink.h>

#include "object.h"
#include "registry.h"

#define SET_BITS 8
#define WAYS	 8

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
	raw_spinlock_t lock; /* guards all of the set; nothing is taken inside */
	unsigned int next;
	u64 forgotten; /* the last death that was made room for */
	struct grave graves[WAYS];
} ____cacheline_aligned_in_smp sets[1 << SET_BITS] = {
	[0 ... (1 << SET_BITS) - 1] = {
		.lock = __RAW_SPIN_LOCK_UNLOCKED(sets.lock),
	},
};

static struct grave_set *set_of(pid_t nr)
{
	return &sets[hash_32(nr, SET_BITS)];
}

/**
 * object_released - remember a labelled process that is released
 * @leader: its leader, whose number is its own for the last time
 * @c: its container, with a reference, which the grave takes over
 *
 * Context: the handler of release, under the process's lock.
 * Return: the container of the grave that made room, with a reference, or NULL.
 */
struct container *object_released(struct task_struct *leader, struct container *c)
{
	struct grave_set *set = set_of(leader->tgid);
	struct container *old;
	struct grave *grave;

	raw_spin_lock(&set->lock);
	grave = &set->graves[set->next++ % WAYS];
	old = grave->c;
	if (old)
		set->forgotten = grave->death;
	grave->nr = leader->tgid;
	grave->birth = leader->start_boottime;
	grave->death = ktime_get_coarse_boottime_ns();
	grave->c = c;
	raw_spin_unlock(&set->lock);
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
	struct grave_set *set = set_of(nr);
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
	 * A process that is being released still has its number, but no entry any
	 * more: it has its grave by then, as that is dug first. Pairs with the
	 * smp_wmb() in inherit_released().
	 */
	smp_rmb();

	*c = NULL;
	raw_spin_lock(&set->lock);
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
	raw_spin_unlock(&set->lock);
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
