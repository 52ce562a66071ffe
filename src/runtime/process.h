/* SPDX-License-Identifier: GPL-2.0 */
/* What a runtime is asked to execute in a container that runs. */
#ifndef RUNTIME_PROCESS_H
#define RUNTIME_PROCESS_H

#include <json-c/json.h>

#include "invocation.h"

/**
 * struct process - it
 * @described: the file that describes it, as JSON; NULL if the options do
 * @command: the program with its arguments, as a shell would take them; NULL if not known
 * @user: of the request; NULL if nothing says so
 * @terminal: it has a terminal
 */
struct process {
	struct json_object *described;
	char *command;
	char *user;
	bool terminal;
};

int process_open(const struct invocation *invocation);
void process_read(struct process *process, const struct invocation *invocation, int fd,
		  const char *variable, struct json_object *container);

#endif
