// SPDX-License-Identifier: GPL-2.0
/* contidctl sessions */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "formats.h"
#include "json.h"
#include "label.h"
#include "message.h"
#include "moment.h"
#include "reading.h"
#include "session_json.h"
#include "whom.h"

#define UNSET	 4294967295LL
#define WHOM_MAX 64

enum { ALL, SINCE, UNTIL, NODE, JSON, LOCAL, INPUT };

static const struct command_option options[] = {
	[ALL] = { "all", 'a', NULL, "of all containers, and no argument" },
	[SINCE] = { "since", 0, "WHEN", "those that had not ended by then" },
	[UNTIL] = { "until", 0, "WHEN", "those that had begun by then" },
	[NODE] = { "node", 'n', "NODE", "of this machine, as the log names it" },
	[JSON] = { "json", 0, NULL, "the same, as an object" },
	[LOCAL] = { "local-names", 0, NULL, "users as they are called on this machine" },
	[INPUT] = { "input", 'i', "FILE", "read this and not the log; - is standard input", true },
	{},
};

/**
 * struct search - what is asked for, and how far it got
 * @whom: the containers
 * @all: all there are, instead
 * @reading: the logs
 * @sessions: what they say
 * @since: milliseconds since 1970
 * @until: likewise
 * @json: for programs, not for people
 * @local: users have the names of this machine if the log has none
 */
struct search {
	struct whom whom;
	bool all;
	struct reading reading;
	struct sessions sessions;
	uint64_t since, until;
	bool json, local;
};

static bool is_asked(struct search *search, struct slice label)
{
	return label.len && (search->all || whom_has_label(&search->whom, label));
}

/* Return: is it a message about one of them? */
static bool is_message(struct search *search, const struct record *record, char id[CONTID_TEXT])
{
	return session_is_message(search->whom.names, record, id) &&
	       is_asked(search, (struct slice){ id, CONTID_TEXT - 1 });
}

static bool search_wants(void *data, const struct record *record)
{
	struct search *search = data;
	char id[CONTID_TEXT];

	return (search->all ? label_is_there(record) : whom_wants(&search->whom, record)) ||
	       is_message(search, record, id);
}

static bool take(struct search *search, const struct event *event)
{
	struct slice subject, object;
	struct record main;
	char id[CONTID_TEXT];

	if (event_main(event, &main) && is_message(search, &main, id))
		return sessions_add_message(&search->sessions, &main, id);
	show_labels(event, &subject, &object);
	if (!is_asked(search, subject))
		subject.len = 0;
	if (!is_asked(search, object))
		object.len = 0;
	return sessions_add(&search->sessions, event, subject, object);
}

static void search_take(void *data, const struct event *event)
{
	struct search *search = data;

	if (search->reading.failed || take(search, event))
		return;
	message("%s", strerror(ENOMEM));
	search->reading.failed = true;
}

static void print_time(uint64_t milli, FILE *to)
{
	char when[MOMENT_TEXT];

	moment_format(milli, when);
	fputs(milli ? when : "-", to);
}

static void print_began(const struct row *row, FILE *to)
{
	const struct session *session = row->of;

	print_time(session->began, to);
}

static void print_ended(const struct row *row, FILE *to)
{
	const struct session *session = row->of;

	print_time(session->ended, to);
}

static void print_user(const struct row *row, FILE *to)
{
	const struct session *session = row->of;
	const struct member *member = session->process ?: session->entry;

	if (session->user)
		fprintf(to, "request:%s", session->user);
	else if (!member || member->auid < 0 || member->auid == UNSET)
		fputc('-', to);
	else if (member->auid_name)
		fputs(member->auid_name, to);
	else
		fprintf(to, "%lld", member->auid);
}

static void print_tty(const struct row *row, FILE *to)
{
	const struct session *session = row->of;

	fputs(!session->asked ? "-" : session->terminal ? "yes" : "no", to);
}

static void print_how(const struct row *row, FILE *to)
{
	const struct session *session = row->of;
	const struct member *process = session->process;
	const char *end = session_end(session);

	if (!end)
		fputc('-', to);
	else
		fputs(end, to);
	if (process && process->end == MEMBER_EXITED && process->code >= 0)
		fprintf(to, " %lld", process->code);
	if (process && process->end == MEMBER_KILLED)
		fprintf(to, " by %lld", process->code);
}

static void print_container(const struct row *row, FILE *to)
{
	const struct session *session = row->of;
	struct json_object *container = json_object_object_get(row->json, "container"), *name;

	if (*session->node)
		fprintf(to, "%s:", session->node);
	if (json_object_object_get_ex(container, "name", &name) && name)
		fputs(json_object_get_string(name), to);
	else
		fputs(session->contid, to);
}

static void print_what(const struct row *row, FILE *to)
{
	const struct session *session = row->of;
	struct json_object *command = json_object_object_get(row->json, "command");

	fputs(command ? json_object_get_string(command) : "?", to);
	if (session->length)
		fprintf(to, "... (%" PRIu64 " bytes)", session->length);
}

static const struct column columns[] = {
	{ "BEGAN", -29, .format = print_began },
	{ "ENDED", -29, .format = print_ended, .help = "- if the log does not say" },
	{ "HOW", -10, .format = print_how,
	  .help = "exited N, killed by N; left, it went back; gone, with its\n"
		  "container; failed, nothing was executed" },
	{ "PID", 8, .key = "pid", .help = "of what was executed, on the host" },
	{ "USER", -12, .format = print_user,
	  .help = "request: and what the orchestrator says; or the auid, if somebody\n"
		  "had logged in" },
	{ "TTY", -3, .format = print_tty,
	  .help = "whether it has a terminal, if a runtime says so" },
	{ "CONTAINER", -20, .format = print_container, .help = "its name, or its ID" },
	{ "COMMAND", 0, .format = print_what,
	  .help = "as the runtime was asked; or what was executed, if a rule records\n"
		  "that" },
	{},
};

static bool is_printed(const struct search *search, const struct session *session)
{
	return session->began <= search->until &&
	       (!session->ended || session->ended >= search->since);
}

/* Return: were there any? */
static bool print_all(const struct search *search)
{
	struct json_object *list = search->json ? json_object_new_array() : NULL, *out;
	bool found = false;

	for (const struct session *session = search->sessions.first; session;
	     session = session->next) {
		struct row row = { .of = session };

		if (!is_printed(search, session))
			continue;
		row.json = session_json(session, search->whom.names);
		if (list) {
			json_object_array_add(list, row.json);
		} else {
			if (!found)
				columns_head(columns);
			columns_row(columns, &row);
			json_object_put(row.json);
		}
		found = true;
	}
	if (list) {
		out = json_object_new_object();
		json_add_number(out, "schema", JSON_SCHEMA);
		json_add(out, "sessions", list);
		json_print(out);
	}
	return found;
}

static int search_run(struct search *search, char **whom)
{
	const struct assembly_user user = { search_wants, search_take, search };
	struct intake *intake = &search->reading.intake;
	bool found;

	if (!whom_open(&search->whom, &search->reading.logs, search->since, search->until))
		return REFUSED;
	intake->names = search->whom.names;
	if (!whom_find_all(&search->whom, whom) || !reading_do(&search->reading, &user))
		return REFUSED;
	if (!sessions_end(&search->sessions)) {
		message("%s", strerror(ENOMEM));
		return REFUSED;
	}
	found = print_all(search);
	intake->since = search->since;
	intake->until = search->until;
	if (!found)
		intake_nothing_found(intake);
	return found && reading_is_whole(&search->reading) ? DONE : REFUSED;
}

static int sessions_option(void *data, const struct command *self, int option, char *value)
{
	struct search *search = data;

	switch (option) {
	case ALL:
		search->all = true;
		break;
	case SINCE:
		if (!moment_parse(value, false, &search->since))
			return command_usage(self, "'%s' is no point in time", value);
		break;
	case UNTIL:
		if (!moment_parse(value, true, &search->until))
			return command_usage(self, "'%s' is no point in time", value);
		break;
	case NODE:
		search->reading.intake.node = value;
		search->whom.node = value;
		break;
	case JSON:
		search->json = true;
		break;
	case LOCAL:
		search->local = true;
		break;
	case INPUT:
		if (!logs_add(&search->reading.logs, value))
			return REFUSED;
	}
	return GO_ON;
}

static int sessions_main(const struct command *self, int argc, char **argv)
{
	struct search search = { .until = UINT64_MAX, .reading.intake.until = UINT64_MAX };
	int status = command_options(self, &argc, &argv, sessions_option, &search);

	if (status == GO_ON && search.all == (argc > 0))
		status = command_usage(self, search.all ? "--all goes without an argument" :
							  "of which container?");
	if (status == GO_ON && sessions_begin(&search.sessions, search.local)) {
		status = search_run(&search, argv);
		sessions_free(&search.sessions);
	} else if (status == GO_ON) {
		message("%s", strerror(ENOMEM));
		status = REFUSED;
	}
	logs_close(&search.reading.logs);
	names_free(search.whom.names);
	free(search.whom.list.items);
	return status;
}

const struct command sessions_command = {
	.name = "sessions",
	.summary = "show who came into a container by exec or nsenter",
	.options = options,
	.arguments = "CONTID|PREFIX|NAME...",
	.most = WHOM_MAX,
	.help = "Print what came into containers from outside, as docker exec, kubectl exec and\n"
		"nsenter do it, as far as the audit log has it: one line each, by its begin. The\n"
		"containers are named as for events.\n",
	.columns = columns,
	.more = "What is executed, and on whose request, is said by audit-contid-runtime. That is\n"
		"believed of a process of the host, or of a container around, and of no other.\n"
		"\n" MOMENT_HELP,
	.main = sessions_main,
};
