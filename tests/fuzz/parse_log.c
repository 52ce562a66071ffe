// SPDX-License-Identifier: GPL-2.0
/*
 * An audit log, as contidctl events and contidctl report read it: what is compressed, lines,
 * records, events, each format, and the count of each container's life.
 *
 * The input's first byte chooses the format and the container that is asked for.
 */
#define _GNU_SOURCE /* memfd_create */
#include <json-c/json.h>
#include <libaudit.h>

#include "family.h"
#include "formats.h"
#include "harness.h"
#include "intake.h"
#include "label.h"
#include "message.h"
#include "operation.h"
#include "parser.h"
#include "show.h"
#include "tally.h"

const char message_program[] = "parse_log";

void message(const char *format, ...)
{
	(void)format;
}

struct reading {
	struct intake intake;
	struct assembly *assembly;
	struct parser *parser;
	struct show *show;
	struct family family;
	struct tally *tally;
	enum show_format format;
	size_t taken; /* bytes of records that went in */
	size_t given; /* and came out */
};

static bool want(void *data, const struct record *record)
{
	(void)data;
	(void)record;
	return true;
}

/* The reader's rule, once more, in other words. */
static void look_at_label(const struct record *record)
{
	const char *text = record->text.at, *end = text + record->text.len;
	struct slice label, value;

	must(text >= record->line.at && end <= record->line.at + record->line.len);
	if (label_subject(record, &label)) {
		must(label.at - text >= (ptrdiff_t)strlen("contid="));
		must(!memchr(label.at, ' ', label.len));
		if (record_is_from_user(record))
			must(label.at == text + strlen("contid="));
		else
			must(label.at + label.len == end);
	}
	if (label_object(record, &label))
		must(label.at >= text && label.at + label.len <= end);
	if (record_field(record, "pid", &value))
		must(value.at >= text && value.at + value.len <= end);
	record_has_key(record, "t");
}

static void take(void *data, const struct event *event)
{
	struct reading *reading = data;
	struct slice subject, object;
	struct operation operation;
	struct record record;
	size_t at = 0;

	reading->given += event->len;
	must(event->len && event->text[event->len - 1] == '\n');
	while (event_next(event, &at, &record))
		look_at_label(&record);
	must(at == event->count);
	show_labels(event, &subject, &object);
	must(family_add(&reading->family, event, subject, object));
	must(show_event(reading->show, event));
	operation_read(&operation, reading->parser, event);
	operation_free(&operation);
	must(tally_add(reading->tally, event));
}

static bool take_line(void *data, const char *line, size_t len)
{
	struct reading *reading = data;
	struct record record;

	if (!intake_take(&reading->intake, line, len, &record))
		return true;
	must(record.stamp.milli <= 999);
	reading->taken += record.line.len + 1;
	return assembly_add(reading->assembly, &record);
}

/* What was printed: nothing in it may end a line but its own end. */
static void look_at_output(enum show_format format, char *text)
{
	for (char *line = text, *end; *line; line = end + 1) {
		end = strchr(line, '\n');
		must(end);
		must(is_tame(line, end - line));
		*end = '\0';
		if (format >= SHOW_JSON) {
			struct json_object *object = json_tokener_parse(line);

			must(json_object_is_type(object, json_type_object));
			json_object_put(object);
		}
	}
}

static void look_at_lives(const struct tally *tally)
{
	const struct life *life;

	for (life = tally_lives(tally); life; life = life->next) {
		must(strlen(life->contid) == CONTID_TEXT - 1);
		must(life->failed <= life->events);
		must(tally_last(tally, life->contid));
	}
}

/* No process is its own ancestor, and each one's number is one. */
static void look_at_family(const struct family *family)
{
	const struct member *member, *above;
	size_t count = 0, steps;

	for (member = family->members; member; member = member->next)
		count++;
	for (member = family->members; member; member = member->next) {
		must(member->pid > 0);
		steps = 0;
		for (above = member->parent; above; above = above->parent)
			must(++steps < count);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct reading reading = { .intake.until = UINT64_MAX };
	const struct assembly_user user = { want, take, &reading };
	const struct line_user lines = { take_line, &reading };
	struct log_file file = { .name = "input" };
	struct logs logs = { .files = &file, .count = 1 };
	FILE *console = stdout;
	char *printed = NULL;
	size_t length = 0;

	if (!size)
		return 0;
	reading.format = data[0] % 6;
	reading.assembly = assembly_new(&user);
	reading.parser = parser_new(false);
	reading.tally = tally_new();
	reading.intake.names = names_new(false);
	must(reading.intake.names);
	reading.show = show_new(reading.format, false, reading.intake.names);
	must(family_begin(&reading.family, false));
	must(reading.assembly && reading.parser && reading.show && reading.tally);
	stdout = open_memstream(&printed, &length);
	must(stdout);
	file.fd = input_file(data + 1, size - 1);
	/* a form that this program does not read is refused before its first line */
	if (!logs_read(&logs, &lines))
		must(!reading.taken && !file.damaged);
	assembly_flush(reading.assembly);
	fclose(stdout);
	stdout = console;
	/* each record in one event, and whole */
	must(reading.taken == reading.given);
	if (reading.format == SHOW_RAW)
		must(length == reading.given);
	else
		look_at_output(reading.format, printed);
	look_at_lives(reading.tally);
	family_show(&reading.family, reading.intake.names, 0, UINT64_MAX);
	look_at_family(&reading.family);
	family_free(&reading.family);
	free(printed);
	tally_free(reading.tally);
	show_free(reading.show);
	names_free(reading.intake.names);
	parser_free(reading.parser);
	assembly_free(reading.assembly);
	return 0;
}
