// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "lxc_state.h"

/**
 * lxc_state_read - take the state from the environment of lxc.hook.start-host
 * @state: out; as much of it as is there
 *
 * Return: NULL, or what is wrong.
 */
const char *lxc_state_read(struct state *state)
{
	const char *pid = getenv("LXC_PID");
	char *end = NULL;
	long number;

	*state = (struct state){ .id = getenv("LXC_NAME") };
	if (!state->id || !*state->id) {
		state->id = NULL;
		return "there is no LXC_NAME";
	}
	errno = 0;
	number = pid ? strtol(pid, &end, 10) : 0;
	if (!end || *end || errno || number <= 0 || number > INT_MAX)
		return "LXC_PID is no process number";
	state->pid = number;
	naming_set(&state->naming, NAMING_LABEL, state->id);
	naming_set(&state->naming, NAMING_ID, state->id);
	naming_set(&state->naming, NAMING_ENGINE, "lxc");
	return NULL;
}
