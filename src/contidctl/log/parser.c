// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE /* asprintf */
#include <libaudit.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "auparse_buffer.h"
#include "interpretation.h"
#include "parser.h"
#include "printable.h"
#include "words.h"

#define SENDER " msg='"

/**
 * struct parser - libauparse with an event in it
 * @au: reads from a buffer that is replaced for each event
 * @text: that buffer, before it is handed over
 * @size: how much fits in there
 * @local_names: numbers of users are those of this machine
 * @interpreter: knows what values mean
 */
struct parser {
	auparse_state_t *au;
	char *text;
	size_t size;
	bool local_names;
	struct interpreter *interpreter;
};

/**
 * struct reading - a record on its way to its user
 * @record: the record
 * @au: stands at one of its fields
 * @interpreter: see struct parser
 * @is_safe: the record's text is printable, and so is each part of it
 * @at: how far the words were walked
 * @word: the last that was found
 * @tail: the names that auditd has added, as far as they were not used
 * @user: gets the fields
 */
struct reading {
	struct record record;
	auparse_state_t *au;
	struct interpreter *interpreter;
	bool is_safe;
	const char *at;
	struct word word;
	struct slice tail;
	const struct field_user *user;
};

/**
 * parser_new - make a parser
 * @local_names: look the names of users up on this machine, if the record has none
 *
 * Return: NULL without memory.
 */
struct parser *parser_new(bool local_names)
{
	struct parser *parser = calloc(1, sizeof(*parser));

	if (!parser)
		return NULL;
	parser->local_names = local_names;
	parser->interpreter = interpreter_new(local_names);
	parser->au = auparse_buffer_new("\n");
	if (parser->au && parser->interpreter)
		return parser;
	parser_free(parser);
	return NULL;
}

/** parser_free - give it back; NULL is allowed */
void parser_free(struct parser *parser)
{
	if (!parser)
		return;
	if (parser->au)
		auparse_destroy(parser->au);
	interpreter_free(parser->interpreter);
	free(parser->text);
	free(parser);
}

/*
 * libauparse takes all behind the first separator for auditd's interpretations,
 * and would believe a sender's.
 */
static void disarm(const struct kept_record *kept, char *line)
{
	char *text = line + kept->text, *end = line + kept->line_len, *at;

	while ((at = memchr(text, RECORD_SEPARATOR, kept->text_len)))
		*at = '?';
	for (at = text; (at = memchr(at, '\0', end - at));)
		*at = '?';
}

static bool load(struct parser *parser, const struct event *event)
{
	if (event->len >= parser->size) {
		char *text = realloc(parser->text, event->len + 1);

		if (!text)
			return false;
		parser->text = text;
		parser->size = event->len + 1;
	}
	memcpy(parser->text, event->text, event->len);
	for (size_t i = 0; i < event->count; i++)
		disarm(&event->records[i], parser->text + event->records[i].line);
	return auparse_buffer_set(&parser->au, parser->text, event->len);
}

/* Of a user message, how many of libauparse's fields the kernel wrote */
static int kernel_fields(const struct record *record)
{
	int count = record->stamp.node.len ? 2 : 1; /* the type, and the node */
	const char *at = NULL;
	struct word word;

	while (words_next(record, &at, &word)) {
		/* those without a value it leaves out */
		if (word.value.len && word.value.at[0] != ' ')
			count++;
	}
	return count;
}

static void read_message(const struct record *record, const struct field_user *user)
{
	const char *begin = words_end(record), *end = record->text.at + record->text.len;
	char *text, *message;
	size_t len;

	if (begin == end || !user->message)
		return;
	text = strndup(begin + strlen(SENDER), end - begin - strlen(SENDER));
	message = text ? printable(text) : NULL;
	free(text);
	if (!message)
		return;
	len = strlen(message);
	if (len && message[len - 1] == '\'')
		message[len - 1] = '\0';
	user->message(user->data, message);
	free(message);
}

/*
 * The text may have more words than libauparse takes for the value, as in
 * subj=docker-default (enforce); and fewer fields: see words_next().
 */
static bool find_word(struct reading *reading, const struct text *name, const struct text *raw)
{
	bool is_label = text_is(name, "contid");
	const char *at = reading->at;
	struct word word;

	while (words_next(&reading->record, &at, &word)) {
		if (word.name.len != name->len || memcmp(word.name.at, name->at, name->len))
			continue;
		if (is_label && !slice_is(word.value, raw->at))
			return false;
		reading->at = at;
		reading->word = word;
		return true;
	}
	reading->word = (struct word){};
	return !is_label;
}

static bool word_rest(const struct word *word, struct slice *rest)
{
	const char *end = word->value.at + word->value.len;
	const char *blank = word->value.len ? memchr(word->value.at, ' ', word->value.len) : NULL;

	*rest = (struct slice){ blank, blank ? end - blank : 0 };
	return blank;
}

static void add_rest(struct text *text, struct slice rest)
{
	char *whole;

	if (!text->at)
		return;
	if (asprintf(&whole, "%s%.*s", text->at, (int)rest.len, rest.at) < 0)
		whole = NULL;
	free(text->own);
	*text = text_owned(whole);
}

static void make_printable(struct text *text)
{
	char *safe;

	if (!text->at || text->safe || is_printable(text->at, text->len))
		return;
	safe = printable(text->at);
	free(text->own);
	*text = text_owned(safe);
}

static void hand_over(const struct field_user *user, struct text name, struct text value,
		      struct text raw, bool sender)
{
	make_printable(&name);
	make_printable(&value);
	make_printable(&raw);
	if (name.at && value.at && raw.at)
		user->field(user->data, &(struct field){
						.name = name.at,
						.value = value.at,
						.value_len = value.len,
						.raw = raw.at,
						.sender = sender,
					});
	free(name.own);
	free(value.own);
	free(raw.own);
}

static void read_field(struct reading *reading, struct text name, bool sender)
{
	struct text value, raw = text_borrowed(auparse_get_field_str(reading->au));
	const struct field_user *user = reading->user;
	struct slice meaning, rest;
	bool named;

	if (!name.at || !raw.at || (!sender && !find_word(reading, &name, &raw)))
		return;
	/* they are in the order of the fields */
	named = reading->tail.len && names_next(&reading->tail, name.at, &meaning);
	if (user->wants && !user->wants(name.at))
		return;
	name.safe = raw.safe = reading->is_safe;
	value = interpret(reading->interpreter, reading->record.type, &name, &raw,
			  named ? &meaning : NULL);
	if (!sender && word_rest(&reading->word, &rest)) {
		add_rest(&value, rest);
		add_rest(&raw, rest);
	}
	hand_over(user, name, value, raw, sender);
}

static void read_record(struct reading *reading)
{
	const struct field_user *user = reading->user;
	const struct record *record = &reading->record;
	auparse_state_t *au = reading->au;
	int kernel = -1, number = 0;

	/* the end has nothing to say */
	if (record->type == AUDIT_EOE)
		return;
	if (record_is_from_user(record))
		kernel = kernel_fields(record);
	if (user->record)
		user->record(user->data, record->type_name);
	if (kernel >= 0)
		read_message(record, user);
	if (user->has && !user->has(record))
		return;
	if (!auparse_first_field(au))
		return;
	reading->is_safe = is_printable(record->text.at, record->text.len);
	do {
		struct text name = text_borrowed(auparse_get_field_name(au));
		bool sender = kernel >= 0 && number++ >= kernel;

		if (sender || (!text_is(&name, "type") && !text_is(&name, "node")))
			read_field(reading, name, sender);
	} while (auparse_next_field(au) > 0);
}

/* libauparse leaves out lines that it cannot read, so look for the line that it has. */
static bool find_record(const struct parser *parser, const struct event *event, size_t *at,
			struct record *record)
{
	const char *theirs = auparse_get_record_text(parser->au);
	size_t len = theirs ? strlen(theirs) : 0;

	while (theirs && event_next(event, at, record)) {
		size_t line = record->line.at - event->text;
		char behind = line + len < event->len ? parser->text[line + len] : '\n';

		if (record->line.len >= len && !memcmp(parser->text + line, theirs, len) &&
		    (behind == '\n' || behind == RECORD_SEPARATOR))
			return true;
	}
	return false;
}

static char *interpreted(const struct parser *parser, int found)
{
	const char *value = NULL, *field = found == 1 ? auparse_get_field_name(parser->au) : NULL;

	if (field && is_user_number(parser->au, field) && !parser->local_names)
		value = auparse_get_field_str(parser->au);
	else if (found == 1)
		value = auparse_interpret_field(parser->au);
	return value ? printable(value) : NULL;
}

static char *copied(const char *value)
{
	return value ? printable(value) : NULL;
}

static void summarize(const struct parser *parser, struct summary *summary)
{
	auparse_state_t *au = parser->au;

	if (auparse_normalize(au, NORM_OPT_NO_ATTRS))
		return;
	summary->action = copied(auparse_normalize_get_action(au));
	summary->how = copied(auparse_normalize_how(au));
	summary->result = interpreted(parser, auparse_normalize_get_results(au));
	summary->object = interpreted(parser, auparse_normalize_object_primary(au));
}

/**
 * parser_read - read an event's records and fields
 * @parser: the parser
 * @event: the event
 * @user: gets them
 * @summary: out: what the event is about, to be freed by summary_free(); may be NULL
 *
 * libauparse may make two events of one, as it takes PROCTITLE for an end: here
 * they are one all the same.
 *
 * Return: false without memory.
 */
bool parser_read(struct parser *parser, const struct event *event, const struct field_user *user,
		 struct summary *summary)
{
	struct reading reading = {
		.interpreter = parser->interpreter,
		.user = user,
	};
	size_t at = 0;

	if (summary)
		*summary = (struct summary){};
	if (!load(parser, event))
		return false;
	reading.au = parser->au;
	interpreter_begin(parser->interpreter, parser->au, event);
	while (auparse_next_event(parser->au) > 0) {
		if (summary && !at)
			summarize(parser, summary);
		if (auparse_first_record(parser->au) <= 0)
			continue;
		do {
			if (!find_record(parser, event, &at, &reading.record))
				continue;
			reading.at = NULL;
			reading.word = (struct word){};
			reading.tail = reading.record.tail;
			read_record(&reading);
		} while (auparse_next_record(parser->au) > 0);
	}
	return true;
}

/** summary_free - free its strings */
void summary_free(struct summary *summary)
{
	free(summary->action);
	free(summary->result);
	free(summary->object);
	free(summary->how);
}
