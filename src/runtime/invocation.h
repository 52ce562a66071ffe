/* SPDX-License-Identifier: GPL-2.0 */
/* The command line of an OCI runtime. */
#ifndef RUNTIME_INVOCATION_H
#define RUNTIME_INVOCATION_H

#include <stdbool.h>

/**
 * struct invocation - what is needed of it
 * @creates: it makes a container
 * @executes: it executes something in one that runs
 * @root: the directory of the runtime's own files, or NULL
 * @id: the container's, or NULL
 * @bundle: the directory of its configuration
 * @config: another file than config.json in there, or NULL; crun has that
 * @process: the file that describes what is executed, or NULL
 * @pid_file: the file that gets its number, or NULL
 * @terminal: it has one, by an option
 * @options: of the execution: the first
 * @options_end: behind the last
 * @command: what is executed, with its arguments, up to a NULL
 */
struct invocation {
	bool creates, executes;
	const char *root;
	const char *id;
	const char *bundle;
	const char *config;
	const char *process;
	const char *pid_file;
	bool terminal;
	char **options, **options_end, **command;
};

void invocation_read(struct invocation *invocation, int argc, char **argv);
const char *invocation_variable(const struct invocation *invocation, const char *name);

#endif
