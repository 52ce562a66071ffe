/* SPDX-License-Identifier: GPL-2.0 */
/* What the runtime tells of the container that it starts. */
#ifndef OCI_HOOK_STATE_H
#define OCI_HOOK_STATE_H

#include <sys/types.h>

/**
 * struct state - what is needed of it
 * @id: what the runtime calls the container, NULL where that is not known
 * @pid: its first process, as the runtime sees it
 */
struct state {
	char *id;
	pid_t pid;
};

const char *state_read(struct state *state, int fd);

#endif
