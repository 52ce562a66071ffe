// SPDX-License-Identifier: GPL-2.0
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common_schema.h"
#include "formats.h"
#include "label.h"
#include "moment.h"
#include "names.h"
#include "show.h"

/**
 * show_format_parse - what --format names
 * @name: its word
 * @format: out
 */
bool show_format_parse(const char *name, enum show_format *format)
{
	static const char *const names[] = {
		[SHOW_TEXT] = "text", [SHOW_RAW] = "raw", [SHOW_CSV] = "csv",
		[SHOW_JSON] = "json", [SHOW_ECS] = "ecs", [SHOW_OCSF] = "ocsf",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (!strcmp(names[i], name)) {
			*format = i;
			return true;
		}
	}
	return false;
}

/**
 * struct text - an event on its way to stdout
 * @names: what the containers are called
 * @event: its main record
 * @when: what each of its records has behind the type
 * @begun: there is something on the line
 * @in_message: in the part that a sender chose
 * @whole: that part as it is, to be printed in the place of its fields
 * @len: so much is on its way
 * @ready: that; stdio, piece by piece, takes a quarter of the time
 */
struct text {
	struct names *names;
	const struct record *event;
	char when[MOMENT_TEXT + 40];
	bool begun;
	bool in_message;
	char *whole;
	size_t len;
	char ready[4096];
};

static void text_print(struct text *text)
{
	fwrite(text->ready, 1, text->len, stdout);
	text->len = 0;
}

static void text_add(struct text *text, const char *what, size_t len)
{
	if (len > sizeof(text->ready) - text->len)
		text_print(text);
	if (len > sizeof(text->ready)) {
		fwrite(what, 1, len, stdout);
		return;
	}
	memcpy(text->ready + text->len, what, len);
	text->len += len;
}

static void text_puts(struct text *text, const char *what)
{
	text_add(text, what, strlen(what));
}

static void text_begin(struct text *text)
{
	const struct stamp *stamp = &text->event->stamp;
	char when[MOMENT_TEXT];

	text_puts(text, "----\n");
	moment_format(stamp->sec * 1000 + stamp->milli, when);
	snprintf(text->when, sizeof(text->when), " msg=audit(%s:%" PRIu64 ") :", when,
		 stamp->serial);
}

static void text_end_record(struct text *text)
{
	if (text->whole) {
		text_puts(text, " msg='");
		text_puts(text, text->whole);
	}
	if (text->begun)
		text_puts(text, text->whole || text->in_message ? "'\n" : "\n");
	free(text->whole);
	text->whole = NULL;
	text->begun = text->in_message = false;
}

static void text_record(void *data, struct slice type)
{
	struct text *text = data;
	struct slice node = text->event->stamp.node;

	text_end_record(text);
	if (node.len) {
		text_puts(text, "node=");
		text_add(text, node.at, node.len);
		text_puts(text, " ");
	}
	text_puts(text, "type=");
	text_add(text, type.at, type.len);
	text_puts(text, text->when);
	text->begun = true;
}

/* If it is not of fields alone, libauparse would leave words out. */
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

/* Behind the ID, which the kernel has written: nobody can put such a field there. */
static void text_name(struct text *text, const struct field *field)
{
	const struct stamp *stamp = &text->event->stamp;
	const char *name = NULL;

	if (field->sender || strlen(field->raw) < CONTID_TEXT - 1)
		return;
	if (!strcmp(field->name, "contid") || !strcmp(field->name, "ocontid"))
		name = names_of(text->names, stamp->node, field->raw,
				stamp->sec * 1000 + stamp->milli);
	if (!name)
		return;
	text_puts(text, *field->name == 'o' ? " ocontname=\"" : " contname=\"");
	/* it is printable, but for what would end it */
	for (; *name; name++)
		text_add(text, *name == '"' ? "\\042" : name, *name == '"' ? 4 : 1);
	text_puts(text, "\"");
}

static void text_field(void *data, const struct field *field)
{
	struct text *text = data;

	if (field->sender && text->whole)
		return;
	text_puts(text, field->sender && !text->in_message ? " msg='" : " ");
	text->in_message |= field->sender;
	text_puts(text, field->name);
	text_add(text, "=", 1);
	text_add(text, field->value, field->value_len);
	text_name(text, field);
}

static bool show_text(struct parser *parser, struct names *names, const struct event *event,
		      const struct record *main)
{
	struct text text = { .names = names, .event = main };
	const struct field_user user = {
		.record = text_record,
		.message = text_message,
		.field = text_field,
		.data = &text,
	};
	bool ok;

	text_begin(&text);
	ok = parser_read(parser, event, &user, NULL);
	text_end_record(&text);
	text_print(&text);
	return ok;
}

/**
 * show_labels - which containers is an event of?
 * @event: the event
 * @subject: out: of length 0 if it has none
 * @object: out: likewise
 */
void show_labels(const struct event *event, struct slice *subject, struct slice *object)
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

/**
 * struct show - how events are shown
 * @format: in which format
 * @parser: NULL for SHOW_RAW
 * @names: what the containers are called
 */
struct show {
	enum show_format format;
	struct parser *parser;
	struct names *names;
};

/**
 * show_new - get ready
 * @format: how events are shown
 * @local_names: see parser_new()
 * @names: what the containers are called, also while it grows
 *
 * Return: NULL without memory.
 */
struct show *show_new(enum show_format format, bool local_names, struct names *names)
{
	struct show *show = calloc(1, sizeof(*show));

	if (!show)
		return NULL;
	show->format = format;
	show->parser = format == SHOW_RAW ? NULL : parser_new(local_names);
	show->names = names;
	if (show->parser || format == SHOW_RAW)
		return show;
	show_free(show);
	return NULL;
}

/** show_free - after the last event; NULL is allowed */
void show_free(struct show *show)
{
	if (!show)
		return;
	parser_free(show->parser);
	free(show);
}

/** show_begin - print what stands before the first event */
void show_begin(const struct show *show)
{
	if (show->format == SHOW_CSV)
		show_csv_header();
}

/**
 * show_event - print one
 * @show: how
 * @event: the event
 *
 * Return: false without memory.
 */
bool show_event(struct show *show, const struct event *event)
{
	struct record main;

	if (show->format == SHOW_RAW) {
		fwrite(event->text, 1, event->len, stdout);
		return true;
	}
	if (!event_main(event, &main))
		return true;
	switch (show->format) {
	case SHOW_CSV:
		return show_csv(show->parser, event, &main);
	case SHOW_JSON:
		return show_json(show->parser, show->names, event, &main);
	case SHOW_ECS:
		return show_schema(show->parser, show->names, event, &main, show_ecs);
	case SHOW_OCSF:
		return show_schema(show->parser, show->names, event, &main, show_ocsf);
	default:
		return show_text(show->parser, show->names, event, &main);
	}
}
