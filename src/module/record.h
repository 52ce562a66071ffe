/* SPDX-License-Identifier: GPL-2.0 */
/* Operation records: type=KERNEL_OTHER op=... */
#ifndef CONTID_RECORD_H
#define CONTID_RECORD_H

#include <linux/types.h>

struct container;
struct namespaces;
struct task_struct;

int record_init(void);
void record_exit(void);
void record_late_init(struct container *c);
void record_drop(struct container *c, unsigned int levels, pid_t last_pid);
void record_adopt(const char *op, struct container *c, struct task_struct *task, int err);
void record_inherit_failed(struct container *c, pid_t pid);
void record_operation(const char *op, pid_t opid, const char *label, const char *old_label,
		      const struct namespaces *ns, int err);
void record_release(const struct container *c);
void record_hooks(bool on);
void record_module(const char *op, unsigned int live);

#endif
