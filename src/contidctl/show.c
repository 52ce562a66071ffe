// SPDX-License-Identifier: GPL-2.0
#include <inttypes.h>
#include <libaudit.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "json.h"
#include "label.h"
#include "printable.h"
#include "show.h"

#define TIME_TEXT 64

/* Columns of CSV that are fields of the main record, or of the first that has them */
static const char *const columns[] = {
	"pid", "auid", "uid", "comm", "exe", "key",
};

#define COLUMNS (sizeof(columns) / sizeof(*columns))

/**
 * show_format_parse - what --format names
 * @name: its word
 * @format: out
 */
bool show_format_parse(const char *name, enum show_format *format)
{
	static const char *const names[] = {
		[SHOW_TEXT] = "text",
		[SHOW_RAW] = "raw",
		[SHOW_CSV] = "csv",
		[SHOW_JSON] = "json",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (!strcmp(names[i], name)) {
			*format = i;
			return true;
		}
	}
	return false;
}

/* --- text */

/**
 * struct text - a record on its way to stdout
 * @event: its event's main record
 * @begun: there is something on the line
 * @in_message: in the part that a sender chose
 * @whole: that part as it is, to be printed in the place of its fields
 */
struct text {
	const struct record *event;
	bool begun;
	bool in_message;
	char *whole;
};

static void text_end(struct text *text)
{
	if (text->whole)
		printf(" msg='%s", text->whole);
	if (text->begun)
		puts(text->whole || text->in_message ? "'" : "");
	free(text->whole);
	*text = (struct text){ .event = text->event };
}

static void text_record(void *data, const char *type)
{
	struct text *text = data;
	const struct stamp *stamp = &text->event->stamp;
	time_t sec = stamp->sec;
	char when[TIME_TEXT];
	struct tm tm;

	text_end(text);
	if (!localtime_r(&sec, &tm) || !strftime(when, sizeof(when), "%F %T", &tm))
		snprintf(when, sizeof(when), "%" PRIu64, stamp->sec);
	if (stamp->node.len)
		printf("node=%.*s ", (int)stamp->node.len, stamp->node.at);
	printf("type=%s msg=audit(%s.%03u:%" PRIu64 ") :", type, when, stamp->milli, stamp->serial);
	text->begun = true;
}

/* Where it is not of fields alone, libauparse would leave words out. */
static void text_message(void *data, const char *message)
{
	struct text *text = data;
	size_t len;

	for (const char *word = message; *word && !text->whole; word += len) {
		word += strspn(word, " ");
		len = strcspn(word, " ");
		if (len && !memchr(word, '=', len))
			text->whole = strdup(message);
	}
}

static void text_field(void *data, const struct field *field)
{
	struct text *text = data;
	const char *before = " ";

	if (field->sender && text->whole)
		return;
	if (field->sender && !text->in_message) {
		before = " msg='";
		text->in_message = true;
	}
	printf("%s%s=%s", before, field->name, field->value);
}

static bool show_text(struct parser *parser, const struct event *event, const struct record *main)
{
	struct text text = { .event = main };
	const struct field_user user = { text_record, text_message, text_field, &text };

	puts("----");
	if (!parser_read(parser, event, &user))
		return false;
	text_end(&text);
	return true;
}

/* --- what CSV and JSON have in common */

static void utc(const struct stamp *stamp, char text[TIME_TEXT])
{
	time_t sec = stamp->sec;
	char when[TIME_TEXT / 2];
	struct tm tm;

	if (gmtime_r(&sec, &tm) && strftime(when, sizeof(when), "%FT%T", &tm))
		snprintf(text, TIME_TEXT, "%s.%03uZ", when, stamp->milli);
	else
		snprintf(text, TIME_TEXT, "%" PRIu64 ".%03u", stamp->sec, stamp->milli);
}

static void event_labels(const struct event *event, struct slice *subject, struct slice *object)
{
	struct record record;
	struct slice label;
	size_t at = 0;

	*subject = *object = (struct slice){};
	while (event_next(event, &at, &record)) {
		if (!subject->at && label_subject(&record, &label))
			*subject = label;
		if (!object->at && label_object(&record, &label))
			*object = label;
	}
}

/* --- CSV */

struct csv {
	char *value[COLUMNS];
};

static void csv_field(void *data, const struct field *field)
{
	struct csv *csv = data;

	for (size_t i = 0; i < COLUMNS && !field->sender; i++) {
		if (!csv->value[i] && !strcmp(columns[i], field->name))
			csv->value[i] = strdup(field->value);
	}
}

static void csv_print(const char *text, size_t len, char end)
{
	if (len && (memchr(text, ',', len) || memchr(text, '"', len))) {
		putchar('"');
		for (size_t i = 0; i < len; i++) {
			if (text[i] == '"')
				putchar('"');
			putchar(text[i]);
		}
		putchar('"');
	} else if (len) {
		fwrite(text, 1, len, stdout);
	}
	putchar(end);
}

static void csv_text(const char *text, char end)
{
	csv_print(text, text ? strlen(text) : 0, end);
}

/* The kernel has one word for it, daemons another. */
static const char *csv_result(const char *result)
{
	if (result && !strcmp(result, "yes"))
		return "success";
	return result && !strcmp(result, "no") ? "failed" : result;
}

static bool show_csv(struct parser *parser, const struct event *event, const struct record *main)
{
	struct csv csv = {};
	const struct field_user user = { .field = csv_field, .data = &csv };
	struct slice subject, object, op;
	struct summary summary;
	char when[TIME_TEXT];

	if (!parser_read(parser, event, &user))
		return false;
	parser_summarize(parser, event, &summary);
	event_labels(event, &subject, &object);
	utc(&main->stamp, when);
	csv_print(main->stamp.node.at, main->stamp.node.len, ',');
	printf("%s,%" PRIu64 ",", when, main->stamp.serial);
	csv_print(main->type_name.at, main->type_name.len, ',');
	csv_print(subject.at, subject.len, ',');
	csv_print(object.at, object.len, ',');
	for (size_t i = 0; i < COLUMNS; i++) {
		csv_text(csv.value[i], ',');
		free(csv.value[i]);
	}
	if (main->type == AUDIT_KERNEL_OTHER && record_field(main, "op", &op) &&
	    is_printable(op.at, op.len))
		csv_print(op.at, op.len, ',');
	else
		csv_text(summary.action, ',');
	csv_text(csv_result(summary.result), ',');
	csv_text(summary.object, ',');
	csv_text(summary.how, '\n');
	summary_free(&summary);
	return true;
}

/* --- JSON */

struct json_event {
	struct json_object *records;
	struct json_object *record;
	struct json_object *fields;
	struct json_object *message;
};

static void json_record(void *data, const char *type)
{
	struct json_event *json = data;

	json->record = json_object_new_object();
	json->fields = json_object_new_object();
	json->message = NULL;
	json_add(json->record, "type", json_object_new_string(type));
	json_add(json->record, "fields", json->fields);
	json_object_array_add(json->records, json->record);
}

/* What a sender says is not to be taken for what the kernel says. */
static void json_message(void *data, const char *message)
{
	struct json_event *json = data;

	json_add(json->record, "text", json_object_new_string(message));
	json->message = json_object_new_object();
	json_add(json->record, "message", json->message);
}

/* A field that is there twice, as key may be, is an array. */
static void add_field(struct json_object *to, const struct field *field)
{
	struct json_object *value = json_object_new_string(field->value), *before, *list;

	if (!json_object_object_get_ex(to, field->name, &before)) {
		json_add(to, field->name, value);
	} else if (json_object_is_type(before, json_type_array)) {
		json_object_array_add(before, value);
	} else {
		list = json_object_new_array();
		json_object_array_add(list, json_object_get(before));
		json_object_array_add(list, value);
		json_add(to, field->name, list);
	}
}

static void json_field(void *data, const struct field *field)
{
	struct json_event *json = data;
	struct json_object *to = field->sender ? json->message : json->fields;

	if (to)
		add_field(to, field);
}

static void json_add_slice(struct json_object *to, const char *name, struct slice slice)
{
	json_add(to, name, slice.len ? json_object_new_string_len(slice.at, slice.len) : NULL);
}

static bool show_json(struct parser *parser, const struct event *event, const struct record *main)
{
	struct json_event json = { .records = json_object_new_array() };
	const struct field_user user = { json_record, json_message, json_field, &json };
	struct json_object *out = json_object_new_object();
	struct slice subject, object;
	char when[TIME_TEXT];
	bool ok;

	event_labels(event, &subject, &object);
	utc(&main->stamp, when);
	json_add_slice(out, "node", main->stamp.node);
	json_add(out, "time", json_object_new_string(when));
	json_add_number(out, "serial", main->stamp.serial);
	json_add_slice(out, "type", main->type_name);
	json_add_slice(out, "contid", subject);
	json_add_slice(out, "ocontid", object);
	json_add(out, "records", json.records);
	ok = parser_read(parser, event, &user);
	if (ok)
		puts(json_object_to_json_string_ext(out, JSON_C_TO_STRING_PLAIN |
								 JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(out);
	return ok;
}

/**
 * show_begin - what stands before the first event
 * @format: how they are shown
 */
void show_begin(enum show_format format)
{
	if (format != SHOW_CSV)
		return;
	printf("node,time,serial,type,contid,ocontid");
	for (size_t i = 0; i < COLUMNS; i++)
		printf(",%s", columns[i]);
	puts(",action,result,object,how");
}

/**
 * show_event - print one
 * @format: how
 * @parser: may be NULL for SHOW_RAW
 * @event: the event
 *
 * Return: false without memory.
 */
bool show_event(enum show_format format, struct parser *parser, const struct event *event)
{
	struct record main;

	if (format == SHOW_RAW) {
		fwrite(event->text, 1, event->len, stdout);
		return true;
	}
	if (!event_main(event, &main))
		return true;
	switch (format) {
	case SHOW_CSV:
		return show_csv(parser, event, &main);
	case SHOW_JSON:
		return show_json(parser, event, &main);
	default:
		return show_text(parser, event, &main);
	}
}
