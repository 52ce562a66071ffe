// SPDX-License-Identifier: GPL-2.0
/* contidctl report */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "command.h"
#include "json.h"
#include "live.h"
#include "logs.h"
#include "message.h"
#include "tally.h"

#define TIME_TEXT 64

static const struct option options[] = {
	{ "format", required_argument, NULL, 'f' },
	{ "input", required_argument, NULL, 'i' },
	{ "help", no_argument, NULL, 'h' },
	{},
};

/**
 * struct counters - what the module knows of a container that lives
 * @next: of another
 * @life: which
 * @lost: records it asked for that were not written
 */
struct counters {
	struct counters *next;
	const struct life *life;
	uint64_t lost;
};

/**
 * struct report - a report on its way
 * @tally: what was counted so far
 * @assembly: makes events of the lines
 * @logs: where they come from
 * @live: of the containers that live, where the log is this machine's
 * @failed: no memory
 */
struct report {
	struct tally *tally;
	struct assembly *assembly;
	struct logs logs;
	struct counters *live;
	bool failed;
};

static bool report_wants(void *data, const struct record *record)
{
	(void)data;
	return tally_wants(record);
}

static void report_take(void *data, const struct event *event)
{
	struct report *report = data;

	if (!report->failed && !tally_add(report->tally, event))
		report->failed = true;
}

static bool report_line(void *data, const char *line, size_t len)
{
	struct report *report = data;
	struct record record;

	if (!record_parse(&record, line, len))
		return true;
	if (assembly_add(report->assembly, &record) && !report->failed)
		return true;
	message("%s", strerror(ENOMEM));
	return false;
}

static void add_live(void *data, const struct audit_contid_container *container)
{
	struct report *report = data;
	struct counters *counters;
	char contid[CONTID_TEXT];
	const struct life *life;

	contid_format(&container->contid, contid);
	life = tally_last(report->tally, contid);
	counters = life && !life->ended ? calloc(1, sizeof(*counters)) : NULL;
	if (!counters)
		return;
	counters->life = life;
	counters->lost = live_lost(container);
	counters->next = report->live;
	report->live = counters;
}

static const struct counters *find_live(const struct report *report, const struct life *life)
{
	const struct counters *counters = report->live;

	while (counters && counters->life != life)
		counters = counters->next;
	return counters;
}

static const char *text_of(const char *value)
{
	return value ?: "?";
}

/* --- text */

static void local(uint64_t milli, char text[TIME_TEXT])
{
	time_t sec = milli / 1000;
	char when[TIME_TEXT / 2];
	struct tm tm;

	if (localtime_r(&sec, &tm) && strftime(when, sizeof(when), "%F %T", &tm))
		snprintf(text, TIME_TEXT, "%s.%03u", when, (unsigned int)(milli % 1000));
	else
		snprintf(text, TIME_TEXT, "@%" PRIu64, milli / 1000);
}

static void print_text(const struct report *report, const struct life *life)
{
	const struct counters *live = find_live(report, life);
	char when[TIME_TEXT];

	printf("%s\n", life->contid);
	if (*life->node)
		printf("  %-11s %s\n", "node", life->node);
	if (*life->parent)
		printf("  %-11s %s\n", "nested in", life->parent);
	local(life->began, when);
	if (life->began)
		printf("  %-11s %s, registered by auid %s: %s, pid %s, %s\n", "began", when,
		       text_of(life->auid), text_of(life->comm), text_of(life->pid),
		       text_of(life->exe));
	else
		printf("  %-11s ?\n", "began");
	local(life->ended, when);
	printf("  %-11s %s\n", "ended", life->ended ? when : live ? "lives" : "?");
	printf("  %-11s %" PRIu64 " seen\n", "processes", life->processes);
	printf("  %-11s %" PRIu64, "events", life->events);
	for (size_t i = 0; i < life->type_count; i++)
		printf("%s %s %" PRIu64, i ? "," : ":", life->types[i].name, life->types[i].events);
	printf("\n  %-11s %" PRIu64 "\n", "failed", life->failed);
	printf("  %-11s %" PRIu64 "\n", "acted upon", life->as_object);
	if (live)
		printf("  %-11s %" PRIu64 "\n", "lost", live->lost);
	else
		printf("  %-11s ?\n", "lost");
}

/* --- JSON */

static struct json_object *string_or_null(const char *text)
{
	return text && *text ? json_object_new_string(text) : NULL;
}

static struct json_object *time_json(uint64_t milli)
{
	time_t sec = milli / 1000;
	char when[TIME_TEXT / 2], text[TIME_TEXT];
	struct tm tm;

	if (!milli || !gmtime_r(&sec, &tm) || !strftime(when, sizeof(when), "%FT%T", &tm))
		return NULL;
	snprintf(text, sizeof(text), "%s.%03uZ", when, (unsigned int)(milli % 1000));
	return json_object_new_string(text);
}

static struct json_object *life_json(const struct report *report, const struct life *life)
{
	const struct counters *live = find_live(report, life);
	struct json_object *out = json_object_new_object();
	struct json_object *by = json_object_new_object();
	struct json_object *types = json_object_new_object();

	json_add(out, "contid", json_object_new_string(life->contid));
	json_add(out, "node", string_or_null(life->node));
	json_add(out, "parent", string_or_null(life->parent));
	json_add(out, "began", time_json(life->began));
	json_add(out, "ended", time_json(life->ended));
	json_add(out, "lives", json_object_new_boolean(live != NULL));
	json_add(by, "auid", string_or_null(life->auid));
	json_add(by, "pid", life->pid ? json_object_new_int(atoi(life->pid)) : NULL);
	json_add(by, "comm", string_or_null(life->comm));
	json_add(by, "exe", string_or_null(life->exe));
	json_add(out, "registered_by", by);
	json_add_number(out, "processes", life->processes);
	json_add_number(out, "events", life->events);
	for (size_t i = 0; i < life->type_count; i++)
		json_add_number(types, life->types[i].name, life->types[i].events);
	json_add(out, "types", types);
	json_add_number(out, "failed", life->failed);
	json_add_number(out, "acted_upon", life->as_object);
	json_add(out, "lost", live ? json_object_new_uint64(live->lost) : NULL);
	return out;
}

static void print_all(const struct report *report, bool json)
{
	uint64_t refused = tally_refused(report->tally);
	struct json_object *out, *list;

	if (!json) {
		for (const struct life *life = tally_lives(report->tally); life; life = life->next)
			print_text(report, life);
		printf("%" PRIu64 " registrations were refused\n", refused);
		return;
	}
	out = json_object_new_object();
	list = json_object_new_array();
	for (const struct life *life = tally_lives(report->tally); life; life = life->next)
		json_object_array_add(list, life_json(report, life));
	json_add(out, "containers", list);
	json_add_number(out, "refused", refused);
	json_print(out);
}

static int report_run(struct report *report, bool json)
{
	const struct assembly_user user = { report_wants, report_take, report };
	const struct line_user lines = { report_line, report };
	bool is_system = !report->logs.count, ok;
	struct live live;

	if (is_system && !logs_add_system(&report->logs))
		return REFUSED;
	report->tally = tally_new();
	report->assembly = assembly_new(&user);
	if (!report->tally || !report->assembly) {
		message("%s", strerror(ENOMEM));
		return REFUSED;
	}
	ok = logs_read(&report->logs, &lines);
	assembly_flush(report->assembly);
	if (ok && is_system && live_open(&live)) {
		live_each(&live, add_live, report);
		live_close(&live);
	}
	if (ok)
		print_all(report, json);
	return ok ? DONE : REFUSED;
}

static int report_main(const struct command *self, int argc, char **argv)
{
	struct report report = {};
	struct counters *counters;
	bool json = false;
	int c, status;

	while ((c = getopt_long(argc, argv, "f:i:h", options, NULL)) != -1) {
		switch (c) {
		case 'f':
			json = !strcmp(optarg, "json");
			if (!json && strcmp(optarg, "text"))
				return command_usage(self, "there is no format '%s'", optarg);
			break;
		case 'i':
			if (!logs_add(&report.logs, optarg))
				return REFUSED;
			break;
		case 'h':
			return command_help(self);
		default:
			return command_usage(self, NULL);
		}
	}
	if (argc != optind)
		return command_usage(self, "too many arguments");
	status = report_run(&report, json);
	while ((counters = report.live)) {
		report.live = counters->next;
		free(counters);
	}
	logs_close(&report.logs);
	assembly_free(report.assembly);
	tally_free(report.tally);
	return status;
}

const struct command report_command = {
	.name = "report",
	.help = "report [--format text|json] [--input FILE]...\n"
		"Print what the audit log, rotated files included, says of each container, in\n"
		"the order in which it names them. An ID that was registered again after its\n"
		"container had ended is there once more.\n"
		"\n"
		"  -f, --format text|json  for people (the default), or one object\n"
		"  -i, --input FILE        read this and not the log; several in their order; -\n"
		"                          is standard input\n"
		"  -h, --help              this text\n"
		"\n"
		"  began       when, and by whom (auid), it was registered; ? where the log\n"
		"              does not say, as it was there before\n"
		"  ended       when its last process exited; \"lives\", or ? where that is not\n"
		"              known\n"
		"  processes   that were seen to do something, by their pids on the host\n"
		"  events      of the container itself, by type; those of containers nested in\n"
		"              it are with these\n"
		"  failed      events with success=no, res=0 or res=failed\n"
		"  acted upon  events it is the object of: registrations, signals\n"
		"  lost        records that it caused and that never came to auditd; only known\n"
		"              of containers that live, where the log is this machine's\n",
	.main = report_main,
};
