/* SPDX-License-Identifier: GPL-2.0 */
/* Operation records: type=KERNEL_OTHER op=... */
#ifndef CONTID_RECORD_H
#define CONTID_RECORD_H

#include <linux/types.h>

struct audit_contid;
struct container;
struct namespaces;
struct task_struct;

/**
 * struct operation - what an orchestrator asked for
 * @op: the word for it
 * @opid: the target in the initial PID namespace, 0 if it is not known
 * @label: the contid asked for, NULL if it is not known
 * @old_label: what the target carried, NULL if it is not known
 * @ns: the target's namespaces, NULL if there is no target
 * @err: 0 or the error that it was refused with
 * @name: the label for people that it brought
 * @name_len: bytes of that, 0 if there is none or it could not be read
 */
struct operation {
	const char *op;
	pid_t opid;
	const char *label;
	const char *old_label;
	const struct namespaces *ns;
	int err;
	const char *name;
	unsigned int name_len;
};

/**
 * struct rating - a limit that was asked for
 * @contid: of which container; NULL for those that are registered from now on
 * @c: the container, NULL if there is none that the caller may limit
 * @rate: records a second
 * @burst: so many at once
 * @was_rate: what it was before, if @c is known
 * @was_burst: likewise
 * @err: 0 or the error that it was refused with
 */
struct rating {
	const struct audit_contid *contid;
	const struct container *c;
	u64 rate;
	u64 burst;
	u32 was_rate;
	u32 was_burst;
	int err;
};

void record_prepare(struct container *c);
void record_drop(const struct container *c, pid_t last_pid);
void record_adopt(const char *op, struct container *c, struct task_struct *task, int err);
bool record_unlabelled(struct task_struct *task);
void record_inherit_failed(struct container *c, pid_t pid);
void record_operation(const struct operation *operation);
void record_rate(const struct rating *rating);
void record_release(const struct container *c);
void record_hooks(bool on);
void record_signal(int sig, pid_t opid);
void record_module(const char *op, unsigned int live);

#endif
