/* SPDX-License-Identifier: GPL-2.0 */
/* A process, a container ID, and the kernel's answer. */
#ifndef CONTIDCTL_REGISTRATION_H
#define CONTIDCTL_REGISTRATION_H

#include <stdbool.h>
#include <sys/types.h>

#include "device.h"

/**
 * struct registration - what is asked of the kernel
 * @pid: the process
 * @contid: the container
 * @join: into one that lives already
 * @tree: with its descendants
 * @restore: as one that has inherited
 */
struct registration {
	pid_t pid;
	struct audit_contid contid;
	bool join;
	bool tree;
	bool restore;
};

bool pid_parse(const char *text, pid_t *pid);
int registration_ask(const struct device *device, const struct registration *what, int pidfd);
bool registration_do(const struct device *device, const struct registration *what);

#endif
