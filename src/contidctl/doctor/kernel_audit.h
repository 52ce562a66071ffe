/* SPDX-License-Identifier: GPL-2.0 */
/* The kernel's audit, as it answers over netlink. */
#ifndef CONTIDCTL_KERNEL_AUDIT_H
#define CONTIDCTL_KERNEL_AUDIT_H

#include <stdbool.h>
#include <stddef.h>

#include <libaudit.h>

/**
 * struct rules - what the loaded rules amount to
 * @recording: rules that make records
 * @no_tasks: a rule keeps every process that begins from now on out of audit
 * @excludes: a rule takes away all records of the module's own
 * @excludes_some: a rule takes away some of them
 */
struct rules {
	size_t recording;
	bool no_tasks;
	bool excludes;
	bool excludes_some;
};

int kernel_audit_status(struct audit_status *status);
int kernel_audit_rules(struct rules *rules);

#endif
