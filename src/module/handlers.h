/* SPDX-License-Identifier: GPL-2.0 */
/* What is seen of the kernel, and what is done then. */
#ifndef CONTID_HANDLERS_H
#define CONTID_HANDLERS_H

#include "hooks.h"
#include "late.h"

enum hook_id {
	HOOK_FORK,
	HOOK_EXIT,
	HOOK_RELEASE,
	HOOK_NAMESPACES,
	HOOK_EXEC,
	HOOK_RECORD_END,
	HOOK_RECORD_LOST,
	HOOK_AUDITD,
	HOOK_COUNT,
};

extern const struct hook handlers[HOOK_COUNT];

void handlers_join_exits(void);

/* What makes records of packets. */
#define LATE_COUNT 3

extern const struct late_hook late_handlers[LATE_COUNT];

#endif
