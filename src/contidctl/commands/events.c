// SPDX-License-Identifier: GPL-2.0
/* contidctl events */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "command.h"
#include "entered.h"
#include "filter.h"
#include "kernel_stream.h"
#include "label.h"
#include "listener.h"
#include "living.h"
#include "message.h"
#include "moment.h"
#include "reading.h"
#include "show.h"
#include "system_log.h"
#include "whom.h"

#define WHOM_MAX 64

enum {
	ALL,
	SINCE,
	UNTIL,
	UTC,
	NODE,
	TYPE,
	KEY,
	EXE,
	PID,
	USER,
	SYSCALL,
	SUCCESS,
	ENTERED,
	NOT,
	FOLLOW,
	FORMAT,
	LOCAL,
	INPUT
};

static const struct command_option options[] = {
	[ALL] = { "all", 'a', NULL, "of all containers, and no argument" },
	[SINCE] = { "since", 0, "WHEN", "events of this time and later" },
	[UNTIL] = { "until", 0, "WHEN", "events of this time and earlier" },
	[UTC] = { "utc", 0, NULL, "times are typed and printed in UTC" },
	[NODE] = { "node", 'n', "NODE", "of this machine, as the log names it" },
	[TYPE] = { "type", 'm', "TYPE", "events that have a record of this type", true },
	[KEY] = { "key", 'k', "KEY", "events of a rule with this key", true },
	[EXE] = { "exe", 'x', "EXE", "of this program: its path, or the end of that", true },
	[PID] = { "pid", 'p', "PID", "of this process", true },
	[USER] = { "user", 'U', "USER", "whose auid, uid or euid this is", true },
	[SYSCALL] = { "syscall", 'S', "SYSCALL", "of this system call", true },
	[SUCCESS] = { "success", 0, "YES", "yes or no: how it ended" },
	[ENTERED] = { "entered", 'e', NULL, "of processes that entered by exec or nsenter" },
	[NOT] = { "not", 0, NULL, "none for which an option behind this one holds" },
	[FOLLOW] = { "follow", 'F', NULL, "go on with what comes, to the log or by the kernel" },
	[FORMAT] = { "format", 'f', "FORMAT", "text (the default), raw, csv, json, ecs or ocsf" },
	[LOCAL] = { "local-names", 0, NULL, "users as they are called on this machine" },
	[INPUT] = { "input", 'i', "FILE", "read this and not the log; - is standard input", true },
	{},
};

/* as ausearch has them: two letters behind one dash */
static const struct {
	const char *ausearch;
	char *option;
} aliases[] = {
	{ "-ua", "--user" },  { "-sc", "--syscall" }, { "-sv", "--success" },
	{ "-ts", "--since" }, { "-te", "--until" },
};

/**
 * struct search - what is asked for, and how far it got
 * @whom: the containers, and what they are called
 * @all: all there are, instead
 * @filter: which of their events
 * @unwanted: and which not
 * @negated: --not has been read, and what follows is unwanted
 * @since: the time that is asked for, as it was typed
 * @until: likewise
 * @utc: they are meant, and printed, in UTC
 * @from: @since in milliseconds: of what came before, @entered has to know
 * @only_entered: only what they did that entered
 * @not_entered: only what they did not
 * @entered: these
 * @reading: the logs, and the time that is asked for
 * @format: how events are printed
 * @local: users have the names of this machine if the log has none
 * @show: prints them
 * @found: events that were printed
 */
struct search {
	struct whom whom;
	bool all;
	struct filter filter, unwanted;
	bool negated;
	const char *since, *until;
	uint64_t from;
	bool utc;
	bool only_entered, not_entered;
	struct entered entered;
	struct reading reading;
	enum show_format format;
	bool local;
	struct show *show;
	uint64_t found;
};

/* Of one of them, or a message that names it: that is of whoever registered it. */
static bool search_wants(void *data, const struct record *record)
{
	struct search *search = data;
	char id[CONTID_TEXT];

	if (search->all ? label_is_there(record) : whom_wants(&search->whom, record))
		return true;
	if (!names_told(search->whom.names, record, id))
		return false;
	return search->all || whom_has_label(&search->whom, (struct slice){ id, CONTID_TEXT - 1 });
}

static bool search_takes(struct search *search, const struct event *event)
{
	const struct stamp *stamp = &event->stamp;

	if (search->only_entered || search->not_entered) {
		bool entered = entered_takes(&search->entered, event);

		if (entered ? search->not_entered : search->only_entered)
			return false;
	}
	return stamp->sec * 1000 + stamp->milli >= search->from &&
	       filter_takes(&search->filter, event) && !filter_excludes(&search->unwanted, event);
}

static void search_take(void *data, const struct event *event)
{
	struct search *search = data;

	if (search->reading.failed || !search_takes(search, event))
		return;
	if (!show_event(search->show, event) || search->entered.failed) {
		message("%s", strerror(ENOMEM));
		search->reading.failed = true;
	}
	/* the reader has gone: main() says why */
	if (ferror(stdout))
		search->reading.failed = true;
	search->found++;
}

/* Without auditd nothing is written to a log: its old one is read, then the kernel. */
static bool open_kernel(struct search *search)
{
	struct reading *reading = &search->reading;

	reading->kernel = listener_open(LISTEN_ALL);
	if (reading->kernel < 0)
		return false;
	reading->from_kernel = true;
	reading->follow = false;
	message("no auditd runs here: what the kernel says from now on is followed%s",
		logs_have_system() ? ", after what is in the log" : ", and there is no log");
	return true;
}

/* Return: false if there is nothing to be read; a message says why. */
static bool open_logs(struct search *search)
{
	struct reading *reading = &search->reading;
	struct logs *logs = &reading->logs;
	bool is_system = !logs->count, stream = false;

	if (is_system && reading->follow && kernel_stream_is_needed() && !open_kernel(search))
		return false;
	if (is_system && (!reading->from_kernel || logs_have_system()) && !logs_add_system(logs))
		return false;
	if (reading->follow) {
		stream = logs_end_in_stream(logs);
		if (!stream && logs->files[logs->count - 1].fd == STDIN_FILENO) {
			message("--follow needs a file by its name, or a pipe");
			return false;
		}
	}
	search->whom.names = names_new(is_system);
	if (!search->whom.names) {
		message("%s", strerror(ENOMEM));
		return false;
	}
	if (reading->from_kernel)
		living_names(search->whom.names);
	search->whom.logs = stream ? NULL : logs;
	return true;
}

static int search_run(struct search *search, char **whom)
{
	const struct assembly_user user = { search_wants, search_take, search };
	struct intake *intake = &search->reading.intake;
	bool ok;

	if (!open_logs(search))
		return REFUSED;
	search->whom.since = search->from;
	search->whom.until = intake->until;
	if (!whom_find_all(&search->whom, whom))
		return REFUSED;
	names_let_go(search->whom.names);
	intake->names = search->whom.names;
	search->show = show_new(search->format, search->local, search->whom.names);
	if (!search->show) {
		message("%s", strerror(ENOMEM));
		return REFUSED;
	}
	show_begin(search->show);
	ok = reading_do(&search->reading, &user) && reading_is_whole(&search->reading);
	/* it was read from the beginning, but was not searched there */
	intake->since = search->from;
	if (ok && !search->found)
		intake_nothing_found(intake);
	show_free(search->show);
	entered_free(&search->entered);
	return ok && search->found ? DONE : REFUSED;
}

/* What the options that are read now are about. */
static struct filter *filter_of(struct search *search)
{
	return search->negated ? &search->unwanted : &search->filter;
}

static int add_word(struct search *search, const struct command *self, enum filter_kind kind,
		    const char *word)
{
	const char *wrong = filter_add(filter_of(search), kind, word);

	return wrong ? command_usage(self, "'%s' %s", word, wrong) : GO_ON;
}

static int add_types(struct search *search, const struct command *self, char *list)
{
	int status = GO_ON;

	/* strtok() passes over the commas: without a name nothing would be asked for */
	if (!list[strspn(list, ",")])
		return command_usage(self, "'%s' names no type of record", list);
	for (char *name = strtok(list, ","); name && status == GO_ON; name = strtok(NULL, ","))
		status = add_word(search, self, FILTER_TYPE, name);
	return status;
}

static int events_option(void *data, const struct command *self, int option, char *value)
{
	static const enum filter_kind kinds[] = {
		[KEY] = FILTER_KEY,   [EXE] = FILTER_EXE,	  [PID] = FILTER_PID,
		[USER] = FILTER_USER, [SYSCALL] = FILTER_SYSCALL,
	};
	struct search *search = data;

	switch (option) {
	case ALL:
		search->all = true;
		break;
	case SINCE:
		search->since = value;
		break;
	case UNTIL:
		search->until = value;
		break;
	case UTC:
		search->utc = true;
		break;
	case NODE:
		search->reading.intake.node = value;
		search->whom.node = value;
		break;
	case TYPE:
		return add_types(search, self, value);
	case SUCCESS:
		if (!filter_outcome_parse(filter_of(search), value))
			return command_usage(self, "--success is yes or no, and not '%s'", value);
		break;
	case ENTERED:
		*(search->negated ? &search->not_entered : &search->only_entered) = true;
		break;
	case NOT:
		search->negated = true;
		break;
	case FOLLOW:
		search->reading.follow = true;
		break;
	case FORMAT:
		if (!show_format_parse(value, &search->format))
			return command_usage(self, "there is no format '%s'", value);
		break;
	case LOCAL:
		search->local = true;
		break;
	case INPUT:
		if (!logs_add(&search->reading.logs, value))
			return REFUSED;
		break;
	default:
		return add_word(search, self, kinds[option], value);
	}
	return GO_ON;
}

/* Only now is it known which zone is meant. */
static int read_times(struct search *search, const struct command *self)
{
	struct intake *intake = &search->reading.intake;

	if (search->utc) {
		setenv("TZ", "UTC0", 1);
		tzset();
	}
	if (search->since && !moment_parse(search->since, false, &search->from))
		return command_usage(self, "'%s' is no point in time", search->since);
	if (search->until && !moment_parse(search->until, true, &intake->until))
		return command_usage(self, "'%s' is no point in time", search->until);
	if (search->only_entered || search->not_entered)
		intake->since = 0;
	else
		intake->since = search->from;
	return GO_ON;
}

static void take_aliases(char **argv)
{
	for (; *argv && strcmp(*argv, "--"); argv++) {
		for (size_t i = 0; i < sizeof(aliases) / sizeof(*aliases); i++) {
			if (!strcmp(*argv, aliases[i].ausearch))
				*argv = aliases[i].option;
		}
	}
}

static int events_main(const struct command *self, int argc, char **argv)
{
	struct search search = { .reading.intake.until = UINT64_MAX };
	int status;

	take_aliases(argv);
	status = command_options(self, &argc, &argv, events_option, &search);
	if (status == GO_ON)
		status = read_times(&search, self);
	if (status == GO_ON && search.all == (argc > 0))
		status = command_usage(self, search.all ? "--all goes without an argument" :
							  "whose events?");
	if (status == GO_ON)
		status = search_run(&search, argv);
	logs_close(&search.reading.logs);
	names_free(search.whom.names);
	free(search.whom.list.items);
	return status;
}

const struct command events_command = {
	.name = "events",
	.summary = "print a container's audit events from the log",
	.options = options,
	.arguments = "CONTID|PREFIX|NAME...",
	.most = WHOM_MAX,
	.help = "Print the audit events of containers and of those nested in them: what they\n"
		"did, and what was done to them. They come from the audit log, rotated files\n"
		"included, oldest first; no module is needed.\n"
		"\n"
		"  CONTID  the container's ID, or that of its runtime (64 digits)\n"
		"  PREFIX  the beginning of the ID of one container in the log\n"
		"  NAME    what one was called, by the log, or by podman, CRI-O or Docker of\n"
		"          root here; or RUNTIME:NAME, if the ID was made of that: lxc:web,\n"
		"          nspawn:web, oci:web for one that the OCI hook has registered\n"
		"\n"
		"A name that several had means all of them, and stderr says which. What may be\n"
		"a name and the beginning of an ID is refused; id:PREFIX and name:NAME decide.\n",
	.more = "  TYPE    as in the log; or several, with commas between them: any of these\n"
		"  EXE     /usr/bin/ls, or ls; several of one option are alternatives, several\n"
		"          options have to hold all\n"
		"  --not   -m, -k, -x, -p, -U, -S, --success and --entered behind it say what is\n"
		"          left out: one that holds is enough\n"
		"  USER    a number, or a name that auditd has written to the log (ENRICHED)\n"
		"  SYSCALL a name or a number\n"
		"  text    readable, one line for each record\n"
		"  raw     byte for byte the lines of the log\n"
		"  csv     one line for each event, with a header\n"
		"  json    one object for each event, on a line of its own\n"
		"  ecs     likewise, as the Elastic Common Schema has it\n"
		"  ocsf    likewise, as the Open Cybersecurity Schema Framework has it\n"
		"  FILE    several are read in their order\n"
		"\n" MOMENT_HELP "\n"
		"In user messages only the first field names the container, in all other records\n"
		"only the last: text that a process chose does not count. In JSON that text is\n"
		"\"message\", apart from the kernel's \"fields\"; \"raw\" has the numbers.\n"
		"\n"
		"A record that comes more than two seconds of the log, or 4096 events, after\n"
		"its event's others is printed by itself. Nothing found: exit code 1, and\n"
		"stderr says which time was searched. -ua, -sc, -sv, -ts and -te are understood\n"
		"as in ausearch.\n",
	.main = events_main,
};
