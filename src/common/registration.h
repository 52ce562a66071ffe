/* SPDX-License-Identifier: GPL-2.0 */
/* A process, a container ID, and the kernel's answer. */
#ifndef COMMON_REGISTRATION_H
#define COMMON_REGISTRATION_H

#include <stdbool.h>
#include <sys/types.h>

#include "device.h"

/**
 * struct registration - what is asked of the kernel
 * @pid: the process
 * @contid: the container
 * @label: a text for people, which a module that keeps none does not get; NULL if there is
 *	none; at most AUDIT_CONTID_LABEL_MAX bytes; not for a container that is joined
 * @join: into one that lives already
 * @tree: with its descendants
 * @restore: as one that has inherited
 * @start: as the first of a container that a runtime starts: with its descendants
 *	if it has any, and into what is left if nothing is left but processes that
 *	entered the container's last run
 */
struct registration {
	pid_t pid;
	struct audit_contid contid;
	const char *label;
	bool join;
	bool tree;
	bool restore;
	bool start;
};

int registration_ask(const struct device *device, const struct registration *what, int pidfd);
int registration_start(const struct device *device, struct registration *what, int pidfd);
bool registration_is_done(const struct device *device, const struct registration *what);

#endif
