/* SPDX-License-Identifier: GPL-2.0 */
/* The record AUDIT_VIRT_CONTROL of a container's begin and end, in libvirt's form. */
#ifndef COMMON_VIRT_CONTROL_H
#define COMMON_VIRT_CONTROL_H

#include <sys/types.h>

#include <linux/audit_contid.h>

#include "naming.h"

void virt_control_start(const struct audit_contid *contid, pid_t pid, const struct naming *naming,
			const char *reason);
void virt_control_stop(const struct audit_contid *contid, const struct naming *naming);

#endif
