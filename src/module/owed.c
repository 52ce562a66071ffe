// SPDX-License-Identifier: GPL-2.0
/*
 * What a handler may not do itself, as it must not sleep: the current task does it
 * on its way to userspace, or a worker if the task cannot take task work any more.
 *
 * Unload: owed_exit() waits until nothing is pending, and then until no task can
 * still be in the last instructions of the trampolines (synchronize_rcu_tasks()).
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/sched.h>
#include <linux/wait.h>

#include "owed.h"

#define PATIENCE (30 * HZ)

static atomic_t pending = ATOMIC_INIT(0);
static DECLARE_WAIT_QUEUE_HEAD(pending_wait);
static struct workqueue_struct *workers;

static void owed_pay(struct owed *owed)
{
	/* @owed may be gone, or be owed again, when this returns */
	owed->pay(owed);
	if (atomic_dec_and_test(&pending))
		wake_up_all(&pending_wait);
}

static void pay_by_task(struct callback_head *head)
{
	owed_pay(container_of(head, struct owed, task_work));
}

static void pay_by_worker(struct work_struct *work)
{
	owed_pay(container_of(work, struct owed, work));
}

/**
 * owed_prepare - get something ready to be owed, once or again and again
 * @owed: it
 * @pay: does it
 */
void owed_prepare(struct owed *owed, void (*pay)(struct owed *owed))
{
	init_task_work(&owed->task_work, pay_by_task);
	INIT_WORK(&owed->work, pay_by_worker);
	owed->pay = pay;
}

/**
 * owed_add - have it done soon
 * @owed: prepared, and not pending; must stay until @pay is called
 *
 * Context: any, from the handlers.
 */
void owed_add(struct owed *owed)
{
	atomic_inc(&pending);
	if ((current->flags & PF_KTHREAD) || task_work_add(current, &owed->task_work, TWA_RESUME))
		queue_work(workers, &owed->work);
}

/**
 * owed_by - have a task do it on its way to userspace, or in its exit, or nobody
 * @task: current, or one that RCU keeps
 * @owed: likewise
 *
 * Context: any, from the handlers.
 * Return: false if the task cannot take it any more: then it is not pending.
 */
bool owed_by(struct task_struct *task, struct owed *owed)
{
	atomic_inc(&pending);
	if (!task_work_add(task, &owed->task_work, TWA_RESUME))
		return true;
	if (atomic_dec_and_test(&pending))
		wake_up_all(&pending_wait);
	return false;
}

/** owed_init - get ready. May sleep. */
int owed_init(void)
{
	workers = alloc_workqueue("audit_contid", WQ_UNBOUND, 0);
	return workers ? 0 : -ENOMEM;
}

/**
 * owed_exit - wait for what is pending
 *
 * Context: may sleep, as long as audit's backlog_wait_time, or as a process hangs on its
 * way out of the kernel; the probes are off.
 */
void owed_exit(void)
{
	while (!wait_event_timeout(pending_wait, !atomic_read(&pending), PATIENCE))
		pr_warn("unload waits for %d records of processes that hang in their exit: end them by SIGKILL\n",
			atomic_read(&pending));
	synchronize_rcu_tasks();
	destroy_workqueue(workers);
}
