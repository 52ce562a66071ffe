// SPDX-License-Identifier: GPL-2.0
#include <libaudit.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parser.h"
#include "printable.h"

#define SENDER " msg='"

/**
 * struct parser - libauparse with an event in it
 * @au: reads from a buffer that is replaced for each event
 * @text: that buffer, before it is handed over
 * @size: how much fits in there
 */
struct parser {
	auparse_state_t *au;
	char *text;
	size_t size;
};

/** parser_new - NULL without memory */
struct parser *parser_new(void)
{
	struct parser *parser = calloc(1, sizeof(*parser));

	if (!parser)
		return NULL;
	parser->au = auparse_init(AUSOURCE_BUFFER, "\n");
	if (!parser->au) {
		free(parser);
		return NULL;
	}
	auparse_set_escape_mode(parser->au, AUPARSE_ESC_TTY);
	return parser;
}

void parser_free(struct parser *parser)
{
	if (!parser)
		return;
	auparse_destroy(parser->au);
	free(parser->text);
	free(parser);
}

/*
 * libauparse takes all behind the first separator for auditd's interpretations,
 * and would believe a sender's.
 */
static void disarm(const struct record *record, char *copy)
{
	size_t begin = record->text.at - record->line.at, end = begin + record->text.len;

	for (size_t i = begin; i < end; i++) {
		if (copy[i] == RECORD_SEPARATOR || !copy[i])
			copy[i] = '?';
	}
}

static bool load(struct parser *parser, const struct event *event)
{
	struct record record;
	size_t at = 0, begin = 0;

	if (event->len > parser->size) {
		char *text = realloc(parser->text, event->len);

		if (!text)
			return false;
		parser->text = text;
		parser->size = event->len;
	}
	memcpy(parser->text, event->text, event->len);
	for (; event_next(event, &at, &record); begin = at)
		disarm(&record, parser->text + begin);
	return !auparse_new_buffer(parser->au, parser->text, event->len);
}

/* Of a user message, how many of libauparse's fields the kernel wrote */
static int kernel_fields(const char *text)
{
	const char *end = strstr(text, SENDER);
	int count = 0;

	if (!end)
		return -1;
	while (text < end) {
		size_t len = strcspn(text, " ");
		const char *equals = memchr(text, '=', len);

		/* those without a value it leaves out, and the stamp */
		if (equals && equals + 1 < text + len && strncmp(text, "msg=", 4))
			count++;
		text += len + (text[len] == ' ');
	}
	return count;
}

static bool is_from_user(const char *text)
{
	struct record record;

	return record_parse(&record, text, strlen(text)) && record_is_from_user(&record);
}

static void read_message(const char *text, const struct field_user *user)
{
	const char *begin = strstr(text, SENDER);
	char *message;
	size_t len;

	if (!begin || !user->message)
		return;
	message = printable(begin + strlen(SENDER));
	if (!message)
		return;
	len = strlen(message);
	if (len && message[len - 1] == '\'')
		message[len - 1] = '\0';
	user->message(user->data, message);
	free(message);
}

/* What says which container it is gets no interpretation. */
static bool is_ours(const char *name)
{
	return !strcmp(name, "contid") || !strcmp(name, "ocontid") || !strcmp(name, "old-ocontid");
}

/*
 * libauparse reads beyond the end of a command line that begins with digits and is
 * not all of them, as in a record that was cut.
 */
static bool is_cut(const char *name, const char *raw)
{
	size_t digits = strspn(raw, "0123456789ABCDEFabcdef");

	return !strcmp(name, "proctitle") && digits && (raw[digits] || digits % 2);
}

static void read_field(auparse_state_t *au, bool sender, const struct field_user *user)
{
	const char *name = auparse_get_field_name(au), *raw = auparse_get_field_str(au);
	bool as_it_is = !name || !raw || is_ours(name) || is_cut(name, raw);
	const char *value = as_it_is ? raw : auparse_interpret_field(au);
	char *safe_name, *safe_value, *safe_raw;

	if (!name || !raw)
		return;
	safe_name = printable(name);
	safe_value = printable(value ?: raw);
	safe_raw = printable(raw);
	if (safe_name && safe_value && safe_raw)
		user->field(user->data, &(struct field){
						.name = safe_name,
						.value = safe_value,
						.raw = safe_raw,
						.sender = sender,
					});
	free(safe_name);
	free(safe_value);
	free(safe_raw);
}

static void read_record(auparse_state_t *au, const struct field_user *user)
{
	const char *text = auparse_get_record_text(au), *type = auparse_get_type_name(au);
	int kernel = -1, number = 0;
	char unknown[32];

	/* the end has nothing to say */
	if (!text || auparse_get_type(au) == AUDIT_EOE)
		return;
	if (!type) {
		snprintf(unknown, sizeof(unknown), "UNKNOWN[%d]", auparse_get_type(au));
		type = unknown;
	}
	if (is_from_user(text))
		kernel = kernel_fields(text);
	if (user->record)
		user->record(user->data, type);
	if (kernel >= 0)
		read_message(text, user);
	if (!auparse_first_field(au))
		return;
	do {
		const char *name = auparse_get_field_name(au);
		bool sender = kernel >= 0 && number++ >= kernel;

		if (sender || (name && strcmp(name, "type") && strcmp(name, "node")))
			read_field(au, sender, user);
	} while (auparse_next_field(au) > 0);
}

/**
 * parser_read - read an event's records and fields
 * @parser: the parser
 * @event: the event
 * @user: gets them
 *
 * Where libauparse makes two events of one, as it takes PROCTITLE for an end,
 * they are one here all the same.
 *
 * Return: false without memory.
 */
bool parser_read(struct parser *parser, const struct event *event, const struct field_user *user)
{
	if (!load(parser, event))
		return false;
	while (auparse_next_event(parser->au) > 0) {
		if (auparse_first_record(parser->au) <= 0)
			continue;
		do {
			read_record(parser->au, user);
		} while (auparse_next_record(parser->au) > 0);
	}
	return true;
}

static char *interpreted(auparse_state_t *au, int found)
{
	const char *value = found == 1 ? auparse_interpret_field(au) : NULL;

	return value ? printable(value) : NULL;
}

static char *copied(const char *value)
{
	return value ? printable(value) : NULL;
}

/**
 * parser_summarize - what an event is about
 * @parser: the parser
 * @event: the event
 * @summary: out; to be freed by summary_free()
 */
void parser_summarize(struct parser *parser, const struct event *event, struct summary *summary)
{
	auparse_state_t *au = parser->au;

	memset(summary, 0, sizeof(*summary));
	if (!load(parser, event) || auparse_next_event(au) <= 0 ||
	    auparse_normalize(au, NORM_OPT_NO_ATTRS))
		return;
	summary->action = copied(auparse_normalize_get_action(au));
	summary->how = copied(auparse_normalize_how(au));
	summary->result = interpreted(au, auparse_normalize_get_results(au));
	summary->object = interpreted(au, auparse_normalize_object_primary(au));
}

/** summary_free - free its strings */
void summary_free(struct summary *summary)
{
	free(summary->action);
	free(summary->result);
	free(summary->object);
	free(summary->how);
}
