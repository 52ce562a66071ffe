/* SPDX-License-Identifier: GPL-2.0 */
/* A process's namespaces, as numbers for the record. */
#ifndef CONTID_NAMESPACES_H
#define CONTID_NAMESPACES_H

#include <linux/audit_contid.h>
#include <linux/types.h>

struct task_struct;
struct audit_buffer;

/**
 * struct namespaces - what /proc/PID/ns would show
 * @dev: the device of nsfs, 0 if it cannot be known
 * @ino: inode numbers by AUDIT_CONTID_NS_*, 0 if one cannot be known
 */
struct namespaces {
	dev_t dev;
	u32 ino[AUDIT_CONTID_NS_COUNT];
};

int namespaces_init(void);
void namespaces_read(struct task_struct *task, struct namespaces *ns);
void namespaces_log(struct audit_buffer *ab, const struct namespaces *ns);

#endif
