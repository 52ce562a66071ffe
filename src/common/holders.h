/* SPDX-License-Identifier: GPL-2.0 */
/* The processes that carry a container's ID. */
#ifndef COMMON_HOLDERS_H
#define COMMON_HOLDERS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "device.h"
#include "processes.h"

#define HOLDERS_TEXT 512

/**
 * struct holder - a process that carries an ID
 * @pid: its number
 * @parent: its parent's
 * @start: when it began, in clock ticks since the machine did
 * @pid_ns: inode number of its PID namespace, 0 if it could not be read
 * @comm: what it is called; control and other strange bytes are shown as ?
 * @label: all that it carries, and how it came to it
 */
struct holder {
	pid_t pid;
	pid_t parent;
	unsigned long long start;
	ino_t pid_ns;
	char comm[PROC_NAME];
	struct audit_contid_get label;
};

/**
 * struct holders - all of one container
 * @items: sorted by their numbers
 * @count: how many
 */
struct holders {
	struct holder *items;
	size_t count;
};

bool holders_read(struct holders *holders, const struct device *device,
		  const struct audit_contid *contid);
void holders_free(struct holders *holders);

const char *origin_name(unsigned int origin);
void holders_format(const struct holders *holders, const struct audit_contid *contid,
		    char text[HOLDERS_TEXT]);
bool holders_have_entered(const struct holders *holders, const struct device *device,
			  const struct audit_contid *contid);

#endif
