// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "moment_json.h"
#include "session_json.h"
#include "tree_json.h"

/** session_end - how it ended, in a word; NULL if the log does not say that it did */
const char *session_end(const struct session *session)
{
	const struct member *process = session->process ?: session->entry;

	if (session->failed)
		return "failed";
	return process ? tree_end(process) : NULL;
}

static void print_program(FILE *to, const struct program *program)
{
	struct json_object *arguments = program->arguments;
	size_t count = arguments ? json_object_array_length(arguments) : 0;

	word_print(to, program->exe ?: "?");
	for (size_t i = 1; i < count; i++) {
		fputc(' ', to);
		word_print(to, json_object_get_string(json_object_array_get_idx(arguments, i)));
	}
}

/* What it ran before it executed anything here was the runtime's, or nsenter itself. */
static char *programs_line(const struct member *member)
{
	size_t first = 0, size;
	char *line = NULL;
	FILE *to = member->program_count ? open_memstream(&line, &size) : NULL;

	if (!to)
		return NULL;
	while (first + 1 < member->program_count && !member->programs[first].executed)
		first++;
	for (size_t i = first; i < member->program_count; i++) {
		if (i > first)
			fputs(" => ", to);
		print_program(to, &member->programs[i]);
	}
	fclose(to);
	return line;
}

static void add_container(struct json_object *to, const struct session *session,
			  struct names *names)
{
	const struct member *member = session->process ?: session->entry;
	const char *label = member ? member->home->label : session->contid;
	struct slice node = { session->node, strlen(session->node) };
	struct slice id = { label, strlen(label) };
	struct label_name name;

	label_name_find(names, node, id, session->began, &name);
	json_add_text(to, "node", session->node);
	json_add_text(to, "contid", label);
	json_add(to, "ancestors", label_ancestors(id));
	json_add(to, "container", label_json(id, &name));
	label_name_free(&name);
}

/**
 * session_json - a session as an object
 * @session: the session
 * @names: what containers were called
 */
struct json_object *session_json(const struct session *session, struct names *names)
{
	const struct member *process = session->process, *member = process ?: session->entry;
	struct json_object *out = json_object_new_object();
	char *ran = process ? programs_line(process) : NULL;
	const char *command = session->command ?: ran;

	add_container(out, session, names);
	json_add_moment(out, "began", "began_milliseconds", session->began);
	json_add_moment(out, "ended", "ended_milliseconds", session->ended);
	json_add_text(out, "end", session_end(session));
	json_add_known(out, "exit_code",
		       process && process->end == MEMBER_EXITED && process->code >= 0,
		       process ? process->code : 0);
	json_add_known(out, "signal", process && process->end == MEMBER_KILLED,
		       process ? process->code : 0);
	json_add_known(out, "pid", session->pid > 0, session->pid);
	json_add_known(out, "runtime_pid", session->runtime > 0, session->runtime);
	json_add_known(out, "auid", member && member->auid >= 0, member ? member->auid : 0);
	json_add_text(out, "auid_name", member ? member->auid_name : NULL);
	json_add_text(out, "request_user", session->user);
	json_add(out, "terminal",
		 session->asked ? json_object_new_boolean(session->terminal) : NULL);
	/* one that says "" is not one that says nothing */
	json_add(out, "command", command ? json_object_new_string(command) : NULL);
	json_add_known(out, "command_length", session->length, session->length);
	json_add_text(out, "ran", ran);
	free(ran);
	return out;
}
