// SPDX-License-Identifier: GPL-2.0
/* contidctl events */
#include <errno.h>
#include <getopt.h>
#include <libaudit.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "label.h"
#include "logs.h"
#include "message.h"
#include "moment.h"
#include "name.h"
#include "show.h"

#define WORDS 64 /* of each of -m and -k */

static const struct option options[] = {
	{ "since", required_argument, NULL, 's' },  { "until", required_argument, NULL, 'u' },
	{ "type", required_argument, NULL, 'm' },   { "key", required_argument, NULL, 'k' },
	{ "format", required_argument, NULL, 'f' }, { "input", required_argument, NULL, 'i' },
	{ "help", no_argument, NULL, 'h' },	    {},
};

/**
 * struct search - what is asked for, and how far it got
 * @wanted: the containers
 * @since: milliseconds since 1970
 * @until: likewise
 * @types: types of which an event has to have one
 * @keys: keys of which an event has to have one
 * @found: events that were printed
 * @failed: no memory, or stdout takes no more
 */
struct search {
	struct wanted wanted;
	uint64_t since, until;
	int types[WORDS];
	size_t type_count;
	const char *keys[WORDS];
	size_t key_count;
	enum show_format format;
	struct parser *parser;
	struct assembly *assembly;
	struct logs logs;
	uint64_t found;
	uint64_t strange;
	bool failed;
};

static bool search_wants(void *data, const struct record *record)
{
	struct search *search = data;

	return wanted_has(&search->wanted, record);
}

static bool has_type(const struct search *search, const struct event *event)
{
	struct record record;
	size_t at = 0;

	while (event_next(event, &at, &record)) {
		for (size_t i = 0; i < search->type_count; i++) {
			if (record.type == search->types[i])
				return true;
		}
	}
	return !search->type_count;
}

static bool has_key(const struct search *search, const struct event *event)
{
	struct record record;
	size_t at = 0;

	while (search->key_count && event_next(event, &at, &record)) {
		for (size_t i = 0; i < search->key_count; i++) {
			if (record_has_key(&record, search->keys[i]))
				return true;
		}
	}
	return !search->key_count;
}

static void search_take(void *data, const struct event *event)
{
	struct search *search = data;

	if (search->failed || !has_type(search, event) || !has_key(search, event))
		return;
	if (!show_event(search->format, search->parser, event)) {
		message("%s", strerror(ENOMEM));
		search->failed = true;
	}
	/* what reads it has gone: main() tells why */
	if (ferror(stdout))
		search->failed = true;
	search->found++;
}

static bool search_line(void *data, const char *line, size_t len)
{
	struct search *search = data;
	struct record record;
	uint64_t time;

	if (!record_parse(&record, line, len)) {
		/* what ausearch puts between events is nothing strange */
		if (len && strncmp(line, "----", len < 4 ? len : 4) &&
		    strncmp(line, "time->", len < 6 ? len : 6))
			search->strange++;
		return true;
	}
	time = record.stamp.sec * 1000 + record.stamp.milli;
	if (time < search->since || time > search->until)
		return true;
	if (!assembly_add(search->assembly, &record)) {
		message("%s", strerror(ENOMEM));
		return false;
	}
	return !search->failed;
}

static bool add_types(struct search *search, char *list)
{
	for (char *name = strtok(list, ","); name; name = strtok(NULL, ",")) {
		int type = audit_name_to_msg_type(name);

		if (type <= 0 || search->type_count == WORDS)
			return false;
		search->types[search->type_count++] = type;
	}
	return true;
}

static bool find_wanted(struct search *search, const char *text)
{
	char id[RUNTIME_ID];

	return wanted_parse(&search->wanted, text) ||
	       ((name_derive(text, id) || name_find(text, id)) &&
		wanted_parse(&search->wanted, id));
}

static int search_run(struct search *search)
{
	const struct assembly_user user = { search_wants, search_take, search };
	const struct line_user lines = { search_line, search };
	bool ok;

	if (!search->logs.count && !logs_add_system(&search->logs))
		return REFUSED;
	search->assembly = assembly_new(&user);
	search->parser = search->format == SHOW_RAW ? NULL : parser_new();
	if (!search->assembly || (search->format != SHOW_RAW && !search->parser)) {
		message("%s", strerror(ENOMEM));
		return REFUSED;
	}
	show_begin(search->format);
	ok = logs_read(&search->logs, &lines);
	assembly_flush(search->assembly);
	ok = ok && !search->failed;
	if (search->strange)
		message("%llu lines are no audit records, and were passed over",
			(unsigned long long)search->strange);
	if (ok && !search->found)
		message("no such event");
	assembly_free(search->assembly);
	parser_free(search->parser);
	return ok ? DONE : REFUSED;
}

static int events_main(const struct command *self, int argc, char **argv)
{
	struct search search = { .until = UINT64_MAX };
	int c, status = REFUSED;

	while ((c = getopt_long(argc, argv, "m:k:f:i:h", options, NULL)) != -1) {
		switch (c) {
		case 's':
			if (!moment_parse(optarg, false, &search.since))
				return command_usage(self, "'%s' is no point in time", optarg);
			break;
		case 'u':
			if (!moment_parse(optarg, true, &search.until))
				return command_usage(self, "'%s' is no point in time", optarg);
			break;
		case 'm':
			if (!add_types(&search, optarg))
				return command_usage(self, "libaudit has no such type of record");
			break;
		case 'k':
			if (search.key_count == WORDS)
				return command_usage(self, "too many keys");
			search.keys[search.key_count++] = optarg;
			break;
		case 'f':
			if (!show_format_parse(optarg, &search.format))
				return command_usage(self, "there is no format '%s'", optarg);
			break;
		case 'i':
			if (!logs_add(&search.logs, optarg))
				return REFUSED;
			break;
		case 'h':
			return command_help(self);
		default:
			return command_usage(self, NULL);
		}
	}
	if (argc - optind != 1)
		return command_usage(self, argc == optind ? "whose events?" : "too many arguments");
	if (find_wanted(&search, argv[optind]))
		status = search_run(&search);
	logs_close(&search.logs);
	return status;
}

const struct command events_command = {
	.name = "events",
	.help = "events [--since WHEN] [--until WHEN] [-m TYPE]... [-k KEY]... "
		"[--format text|raw|csv|json] [--input FILE]... CONTID|PREFIX|NAME\n"
		"Print the audit events of a container and of those nested in it: what it did,\n"
		"and what was done to it. They come from the audit log, rotated files\n"
		"included, oldest first; no module is needed.\n"
		"\n"
		"  CONTID     the container's ID, or that of its runtime (64 digits)\n"
		"  PREFIX     the beginning of one: what is of hexadecimal digits is an ID\n"
		"  NAME       the name of one that podman, CRI-O or Docker of root has here; or\n"
		"             RUNTIME:NAME, where the ID was made of that: lxc:web, nspawn:web,\n"
		"             oci:web for one that the OCI hook has registered\n"
		"\n"
		"      --since WHEN    events of this time and later\n"
		"      --until WHEN    events of this time and earlier\n"
		"  -m, --type TYPE     events that have a record of this type, or of one of\n"
		"                      several, with commas between them\n"
		"  -k, --key KEY       events of a rule with this key\n"
		"  -f, --format text   readable, one line for each record (the default)\n"
		"               raw    byte for byte the lines of the log\n"
		"               csv    one line for each event, with a header\n"
		"               json   one object for each event, on a line of its own\n"
		"  -i, --input FILE    read this and not the log; several in their order; - is\n"
		"                      standard input\n"
		"  -h, --help          this text\n"
		"\n" MOMENT_HELP "\n"
		"In user messages only the first field tells the container, in all other records\n"
		"only the last: what a process wrote into its own text does not count. In JSON\n"
		"that is \"message\", apart from the kernel's \"fields\".\n"
		"\n"
		"A record that comes more than two seconds of the log, or 4096 events, after\n"
		"its event's others is printed by itself.\n",
	.main = events_main,
};
