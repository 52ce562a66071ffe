/* SPDX-License-Identifier: GPL-2.0 */
/* What a handler may not do itself. */
#ifndef CONTID_OWED_H
#define CONTID_OWED_H

#include <linux/task_work.h>
#include <linux/workqueue.h>

/**
 * struct owed - something that a handler owes, as it may not sleep
 * @task_work: if the current task can take it
 * @work: if it cannot
 * @pay: does it, in process context; may sleep and may free what @owed lies in
 */
struct owed {
	struct callback_head task_work;
	struct work_struct work;
	void (*pay)(struct owed *owed);
};

int owed_init(void);
void owed_exit(void);
void owed_prepare(struct owed *owed, void (*pay)(struct owed *owed));
void owed_add(struct owed *owed);
bool owed_by(struct task_struct *task, struct owed *owed);

#endif
