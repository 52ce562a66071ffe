/* SPDX-License-Identifier: GPL-2.0 */
/* The command line of an OCI runtime. */
#ifndef RUNTIME_INVOCATION_H
#define RUNTIME_INVOCATION_H

#include <stdbool.h>

/**
 * struct invocation - what is needed of it
 * @creates: it makes a container
 * @bundle: the directory of its configuration
 * @config: another file than config.json in there, or NULL; crun has that
 * @id: the container's, or NULL
 */
struct invocation {
	bool creates;
	const char *bundle;
	const char *config;
	const char *id;
};

void invocation_read(struct invocation *invocation, int argc, char **argv);

#endif
