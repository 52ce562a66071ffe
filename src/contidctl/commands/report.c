// SPDX-License-Identifier: GPL-2.0
/* contidctl report */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "json.h"
#include "label_json.h"
#include "life_json.h"
#include "live.h"
#include "message.h"
#include "moment.h"
#include "page.h"
#include "reading.h"
#include "system_log.h"
#include "tally.h"
#include "unlabelled.h"

enum { SINCE, UNTIL, NODE, PERIOD, SORT, TOP, FORMAT, INPUT };

static const struct command_option options[] = {
	[SINCE] = { "since", 0, "WHEN", "count events of this time and later" },
	[UNTIL] = { "until", 0, "WHEN", "count events of this time and earlier" },
	[NODE] = { "node", 0, "NODE", "of this machine, as the log names it" },
	[PERIOD] = { "period", 0, "MONTH", "a page of this month (YYYY-MM), to be signed" },
	[SORT] = { "sort", 's', "BY", "events, failed, processes or lost; most first" },
	[TOP] = { "top", 'n', "COUNT", "no more containers than this; by events, if not sorted" },
	[FORMAT] = { "format", 'f', "FORMAT", "text (the default), or json: one object" },
	[INPUT] = { "input", 'i', "FILE", "read this and not the log; - is standard input", true },
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
 * @order: of a container, the number by which they are sorted; NULL for the log's order
 * @top: so many containers are printed, 0 for all
 * @tally: what was counted so far
 * @reading: the logs
 * @parser: takes apart what no container takes part in
 * @unlabelled: an array of what began without an ID
 * @live: of the containers that live, if the log is this machine's
 * @json: for programs, not for people
 * @page: of a period, instead
 * @not_of_page: an option that was given and that a page does not have
 */
struct report {
	uint64_t (*order)(const struct report *report, const struct life *life);
	size_t top;
	struct tally *tally;
	struct reading reading;
	struct parser *parser;
	struct json_object *unlabelled;
	struct counters *live;
	bool json, page;
	const char *not_of_page;
};

static bool report_wants(void *data, const struct record *record)
{
	(void)data;
	return tally_wants(record) || unlabelled_is(record);
}

static void report_take(void *data, const struct event *event)
{
	struct report *report = data;
	struct record main;

	if (report->reading.failed)
		return;
	if (event_main(event, &main) && unlabelled_is(&main)) {
		if (unlabelled_add(report->unlabelled, report->parser, event))
			return;
	} else if (tally_add(report->tally, event)) {
		return;
	}
	message("%s", strerror(ENOMEM));
	report->reading.failed = true;
}

static bool add_live(void *data, const struct audit_contid_container *container)
{
	struct report *report = data;
	struct counters *counters;
	char contid[CONTID_TEXT];
	const struct life *life;

	contid_format(&container->contid, contid);
	life = tally_last(report->tally, contid);
	counters = life && !life->ended ? calloc(1, sizeof(*counters)) : NULL;
	if (!counters)
		return true;
	counters->life = life;
	counters->lost = live_lost(container);
	counters->next = report->live;
	report->live = counters;
	return true;
}

static const struct counters *find_live(const struct report *report, const struct life *life)
{
	const struct counters *counters = report->live;

	while (counters && counters->life != life)
		counters = counters->next;
	return counters;
}

static struct json_object *json_of(const struct report *report, const struct life *life)
{
	const struct counters *live = find_live(report, life);

	return life_json(life, report->reading.intake.names, live ? &live->lost : NULL);
}

static const char *text_of(const char *value)
{
	return value ?: "?";
}

static void print_local(uint64_t milli, FILE *to)
{
	char when[MOMENT_TEXT];

	moment_format(milli, when);
	fputs(when, to);
}

static void print_began(const struct row *row, FILE *to)
{
	const struct life *life = row->of;

	if (!life->began) {
		fputc('?', to);
		return;
	}
	print_local(life->began, to);
	fprintf(to, ", registered by auid %s: %s, pid %s, %s", text_of(life->auid),
		text_of(life->comm), text_of(life->pid), text_of(life->exe));
}

static void print_ended(const struct row *row, FILE *to)
{
	const struct life *life = row->of;

	if (life->ended)
		print_local(life->ended, to);
	else
		fputs(json_object_object_get(row->json, "lives") ? "lives" : "?", to);
}

static void print_processes(const struct row *row, FILE *to)
{
	const struct life *life = row->of;

	fprintf(to, "%" PRIu64 " seen", life->processes);
}

static void print_events(const struct row *row, FILE *to)
{
	const struct life *life = row->of;

	fprintf(to, "%" PRIu64, life->events);
	for (size_t i = 0; i < life->type_count; i++)
		fprintf(to, "%s %s %" PRIu64, i ? "," : ":", life->types[i].name,
			life->types[i].events);
}

static const struct column columns[] = {
	{ "name", .key = "name", .none = "", .help = "what people called it then" },
	{ "node", .key = "node", .none = "" },
	{ "nested in", .key = "parent", .none = "" },
	{ "began", .format = print_began,
	  .help = "when, and by which user (auid), it was registered; ? if the log\n"
		  "does not say, as it was there before" },
	{ "ended", .format = print_ended,
	  .help = "when its last process exited; \"lives\", or ? if that is not\n"
		  "known" },
	{ "processes", .format = print_processes,
	  .help = "that were seen to do something, by their pids on the host" },
	{ "events", .format = print_events,
	  .help = "of the container itself, by type; those of containers nested in\n"
		  "it are with these" },
	{ "failed", .key = "failed", .help = "events with success=no, res=0 or res=failed" },
	{ "acted upon", .key = "acted_upon",
	  .help = "events it is the object of: registrations, signals" },
	{ "lost", .key = "lost", .none = "?",
	  .help = "records that it caused and that never came to auditd; only known\n"
		  "of containers that live, if the log is this machine's" },
	{},
};

/* Into the array @list, or for people if that is NULL. */
static void print_life(const struct report *report, const struct life *life,
		       struct json_object *list)
{
	const struct row row = { .json = json_of(report, life), .of = life };

	if (list) {
		json_object_array_add(list, row.json);
		return;
	}
	puts(life->contid);
	columns_list(columns, &row);
	json_object_put(row.json);
}

static uint64_t by_events(const struct report *report, const struct life *life)
{
	(void)report;
	return life->events;
}

static uint64_t by_failed(const struct report *report, const struct life *life)
{
	(void)report;
	return life->failed;
}

static uint64_t by_processes(const struct report *report, const struct life *life)
{
	(void)report;
	return life->processes;
}

static uint64_t by_lost(const struct report *report, const struct life *life)
{
	const struct counters *live = find_live(report, life);

	return live ? live->lost : 0;
}

static const struct {
	const char *name;
	uint64_t (*order)(const struct report *report, const struct life *life);
} orders[] = {
	{ "events", by_events },
	{ "failed", by_failed },
	{ "processes", by_processes },
	{ "lost", by_lost },
};

#define ORDERS (sizeof(orders) / sizeof(*orders))

/**
 * struct place - a container, and what decides its place
 * @life: it
 * @number: the larger, the earlier
 * @at: its place in the log, which decides between equal ones
 */
struct place {
	const struct life *life;
	uint64_t number;
	size_t at;
};

static int by_number(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->number != y->number)
		return x->number > y->number ? -1 : 1;
	return (x->at > y->at) - (x->at < y->at);
}

/* Return: NULL for want of memory, or if there are none. */
static struct place *sort_lives(const struct report *report, size_t *count)
{
	struct place *places;
	size_t at = 0;

	*count = 0;
	for (const struct life *life = tally_lives(report->tally); life; life = life->next)
		(*count)++;
	places = calloc(*count, sizeof(*places));
	for (const struct life *life = tally_lives(report->tally); places && life;
	     life = life->next, at++)
		places[at] =
			(struct place){ life, report->order ? report->order(report, life) : 0, at };
	if (places && *count)
		qsort(places, *count, sizeof(*places), by_number);
	return places;
}

static bool print_all(const struct report *report)
{
	struct json_object *list = report->json ? json_object_new_array() : NULL, *out;
	uint64_t refused = tally_refused(report->tally);
	size_t count;
	struct place *places = sort_lives(report, &count);

	if (count && !places)
		return false;
	for (size_t i = 0; i < count && (!report->top || i < report->top); i++)
		print_life(report, places[i].life, list);
	free(places);
	if (!list) {
		printf("%" PRIu64 " registrations were refused\n", refused);
		unlabelled_print(report->unlabelled);
		return true;
	}
	out = json_object_new_object();
	json_add_number(out, "schema", JSON_SCHEMA);
	json_add(out, "containers", list);
	json_add_number(out, "refused", refused);
	json_add(out, "unlabelled", json_object_get(report->unlabelled));
	json_print(out);
	return true;
}

static int report_run(struct report *report)
{
	const struct assembly_user user = { report_wants, report_take, report };
	struct logs *logs = &report->reading.logs;
	bool is_system = !logs->count;
	struct live live;

	if (is_system && !logs_add_system(logs))
		return REFUSED;
	report->tally = tally_new();
	report->parser = parser_new(false);
	report->reading.intake.names = names_new(is_system);
	if (!report->tally || !report->parser || !report->reading.intake.names) {
		message("%s", strerror(ENOMEM));
		return REFUSED;
	}
	if (!reading_do(&report->reading, &user))
		return REFUSED;
	if (is_system && live_open(&live)) {
		live_each(live.fd, add_live, report, NULL);
		live_close(&live);
	}
	if (!print_all(report)) {
		message("%s", strerror(ENOMEM));
		return REFUSED;
	}
	if (tally_lives(report->tally) || json_object_array_length(report->unlabelled))
		return reading_is_whole(&report->reading) ? DONE : REFUSED;
	message("no record names a container");
	return REFUSED;
}

static int report_option(void *data, const struct command *self, int option, char *value)
{
	struct report *report = data;
	char *end;

	if (option == SINCE || option == UNTIL || option == SORT || option == TOP)
		report->not_of_page = options[option].name;
	switch (option) {
	case SINCE:
		if (!moment_parse(value, false, &report->reading.intake.since))
			return command_usage(self, "'%s' is no point in time", value);
		break;
	case UNTIL:
		if (!moment_parse(value, true, &report->reading.intake.until))
			return command_usage(self, "'%s' is no point in time", value);
		break;
	case NODE:
		report->reading.intake.node = value;
		break;
	case PERIOD:
		report->page = page_period(value, &report->reading.intake);
		if (!report->page)
			return command_usage(self, "'%s' is no month", value);
		break;
	case SORT:
		report->order = NULL;
		for (size_t i = 0; i < ORDERS; i++) {
			if (!strcmp(orders[i].name, value))
				report->order = orders[i].order;
		}
		if (!report->order)
			return command_usage(self, "containers cannot be sorted by '%s'", value);
		break;
	case TOP:
		report->top = strtoul(value, &end, 10);
		if (!report->top || *end || *value == '-')
			return command_usage(self, "'%s' is no count", value);
		report->order = report->order ?: by_events;
		break;
	case FORMAT:
		report->json = !strcmp(value, "json");
		if (!report->json && strcmp(value, "text"))
			return command_usage(self, "there is no format '%s'", value);
		break;
	case INPUT:
		if (!logs_add(&report->reading.logs, value))
			return REFUSED;
	}
	return GO_ON;
}

static int report_main(const struct command *self, int argc, char **argv)
{
	struct report report = {
		.reading.intake.until = UINT64_MAX,
		.unlabelled = json_object_new_array(),
	};
	int status = command_options(self, &argc, &argv, report_option, &report);
	struct counters *counters;

	if (status == GO_ON && report.page && report.not_of_page)
		status = command_usage(self, "--period has its own times and order, and not --%s",
				       report.not_of_page);
	if (status != GO_ON)
		return status;
	status = report.page ? page_run(&report.reading, report.json) : report_run(&report);
	while ((counters = report.live)) {
		report.live = counters->next;
		free(counters);
	}
	logs_close(&report.reading.logs);
	tally_free(report.tally);
	parser_free(report.parser);
	names_free(report.reading.intake.names);
	json_object_put(report.unlabelled);
	return status;
}

const struct command report_command = {
	.name = "report",
	.summary = "say of each container in the log what it did",
	.options = options,
	.help = "Print what the audit log, rotated files included, says of each container, in\n"
		"the order in which it names them. An ID that was registered again after its\n"
		"container had ended is there once more. Several files are read in their order.\n",
	.columns = columns,
	.more = "With --since, what was before is not known: a container that began then has ?.\n"
		"\n" MOMENT_HELP,
	.main = report_main,
};
