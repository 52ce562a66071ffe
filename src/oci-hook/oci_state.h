/* SPDX-License-Identifier: GPL-2.0 */
/* What the runtime says of the container that it starts. */
#ifndef OCI_HOOK_OCI_STATE_H
#define OCI_HOOK_OCI_STATE_H

#include <stdbool.h>
#include <sys/types.h>

#include "naming.h"

/**
 * struct state - what is needed of it
 * @id: what the runtime calls the container, NULL if that is not known
 * @pid: its first process, as the runtime sees it
 * @naming: what people call it
 * @stopped: its processes have ended: it is called at poststop
 */
struct state {
	char *id;
	pid_t pid;
	struct naming naming;
	bool stopped;
};

const char *state_read(struct state *state, int fd);

#endif
