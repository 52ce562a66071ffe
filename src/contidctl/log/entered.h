/* SPDX-License-Identifier: GPL-2.0 */
/* The processes that entered a container, and what descends from them. */
#ifndef CONTIDCTL_ENTERED_H
#define CONTIDCTL_ENTERED_H

#include "assembly.h"

/**
 * struct entered - what the log has said of them so far
 * @root: for tsearch(3): each by its machine and its number
 * @failed: no memory
 */
struct entered {
	void *root;
	bool failed;
};

bool entered_takes(struct entered *entered, const struct event *event);
void entered_free(struct entered *entered);

#endif
