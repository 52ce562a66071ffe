/* SPDX-License-Identifier: GPL-2.0 */
/* Putting saved labels back. */
#ifndef CONTIDCTL_RESTORING_H
#define CONTIDCTL_RESTORING_H

#include "adoption.h"
#include "belonging.h"

/**
 * struct fate - what became of a container
 * @lived: it was there already
 * @lives: it is there now
 * @elsewhere: one with its ID is, but nested otherwise
 * @err: why it was refused, as errno
 * @rate_err: why its limit of records was, likewise
 * @members: living processes that belong in it, those of nested ones aside
 * @left_out: those of them that do not carry it
 */
struct fate {
	bool lived;
	bool lives;
	bool elsewhere;
	int err;
	int rate_err;
	size_t members;
	size_t left_out;
};

/**
 * struct restoring - one run
 * @device: the open device
 * @state: what was saved
 * @fates: one for each container
 * @refused: processes that the kernel has refused to put back
 * @scene: the processes, as they were at the end
 * @done: processes that were registered or joined, with those that descend from them
 */
struct restoring {
	struct device device;
	struct state state;
	struct fate *fates;
	struct aside_list refused;
	struct scene scene;
	size_t done;
};

bool restoring_do(struct restoring *restoring);
const struct aside *restoring_refusal(const struct restoring *restoring, const struct proc *proc);

#endif
