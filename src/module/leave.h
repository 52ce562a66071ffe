/* SPDX-License-Identifier: GPL-2.0 */
/* The end of a container, and its record. */
#ifndef CONTID_LEAVE_H
#define CONTID_LEAVE_H

#include <linux/types.h>

struct container;

void leave_prepare(struct container *c);
void leave_one(struct container *c, pid_t last_pid);
void leave_unpin(struct container *c, pid_t last_pid);

#endif
