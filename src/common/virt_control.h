/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The record AUDIT_VIRT_CONTROL of a container's begin and end, and of what is executed in
 * one that runs, in libvirt's form.
 */
#ifndef COMMON_VIRT_CONTROL_H
#define COMMON_VIRT_CONTROL_H

#include <stdbool.h>
#include <sys/types.h>

#include <linux/audit_contid.h>

#include "naming.h"

/*
 * Bytes of a command that are sent. All fields at their longest, each byte as two digits,
 * must fit into the 8,970 bytes of a message: libaudit cuts off what is behind.
 */
#define VIRT_COMMAND_MAX 1024

/**
 * struct virt_exec - what is executed in a container
 * @pid: its process; 0 if that is not known
 * @runtime: the runtime's, which makes it
 * @terminal: it has a terminal
 * @command: the program with its arguments, as a shell would take them; NULL if not known
 * @user: of the request, as the orchestrator says, of AUDIT_CONTID_LABEL_MAX bytes at most;
 *	NULL if it says none
 * @failed: it was not executed
 */
struct virt_exec {
	pid_t pid, runtime;
	bool terminal;
	const char *command;
	const char *user;
	bool failed;
};

void virt_control_start(const struct audit_contid *contid, pid_t pid, const struct naming *naming,
			const char *reason);
void virt_control_stop(const struct audit_contid *contid, const struct naming *naming);
void virt_control_exec(const struct audit_contid *contid, const struct naming *naming,
		       const struct virt_exec *exec);

#endif
