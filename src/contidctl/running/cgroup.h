/* SPDX-License-Identifier: GPL-2.0 */
/* Which container a cgroup belongs to, by the names that runtimes give. */
#ifndef CONTIDCTL_CGROUP_H
#define CONTIDCTL_CGROUP_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include <linux/audit_contid.h>

/**
 * struct cgroup_name - a cgroup that has a runtime's name
 * @runtime: whose it is
 * @name: the container's, or for a monitor its own
 * @contid: the ID that goes with it; not for a monitor
 * @end: so much of the path is the container's own cgroup; the rest is below it
 * @monitor: the runtime's own processes are in it, and no container's
 * @doubtful: other programs use the form too; /run/systemd/machines tells
 */
struct cgroup_name {
	const char *runtime;
	char name[NAME_MAX + 1];
	struct audit_contid contid;
	size_t end;
	bool monitor;
	bool doubtful;
};

/**
 * struct cgroup_path - a line of /proc/PID/cgroup
 * @controllers: of the hierarchy; "" is cgroup v2
 * @path: the cgroup in there
 */
struct cgroup_path {
	const char *controllers;
	const char *path;
};

bool cgroup_next(const char *path, size_t from, struct cgroup_name *found);
struct cgroup_path cgroup_of(char *lines);

#endif
