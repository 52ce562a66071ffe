// SPDX-License-Identifier: GPL-2.0
#include <libaudit.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "facts.h"

static void take_record(void *data, struct slice type)
{
	struct facts *facts = data;
	char **types = realloc(facts->types, (facts->records + 1) * sizeof(*types));

	if (types) {
		facts->types = types;
		types[facts->records] = strndup(type.at, type.len);
	}
	if (types && types[facts->records])
		facts->records++;
	else
		facts->failed = true;
}

static bool is_auxiliary(const char *type)
{
	const struct record record = { .type = audit_name_to_msg_type(type) };

	return record.type > 0 && record_is_auxiliary(&record);
}

static void take_field(void *data, const struct field *field)
{
	struct facts *facts = data;
	struct fact *items, *fact;

	if (facts->failed || !facts->records)
		return;
	items = realloc(facts->items, (facts->count + 1) * sizeof(*items));
	if (!items) {
		facts->failed = true;
		return;
	}
	facts->items = items;
	fact = &items[facts->count];
	*fact = (struct fact){
		.type = facts->types[facts->records - 1],
		.record = facts->records - 1,
		.sender = field->sender,
		.name = strdup(field->name),
		.value = strdup(field->value),
		.raw = strdup(field->raw),
	};
	if (facts->count && fact[-1].record == fact->record)
		fact->auxiliary = fact[-1].auxiliary;
	else
		fact->auxiliary = is_auxiliary(fact->type);
	facts->failed = !fact->name || !fact->value || !fact->raw;
	facts->count++;
}

/**
 * facts_read - take an event apart
 * @facts: out; to be freed by facts_free(), also after a failure
 * @parser: the parser
 * @event: the event
 *
 * Return: false without memory.
 */
bool facts_read(struct facts *facts, struct parser *parser, const struct event *event)
{
	const struct field_user user = {
		.record = take_record,
		.field = take_field,
		.data = facts,
	};

	*facts = (struct facts){};
	return parser_read(parser, event, &user, NULL) && !facts->failed;
}

/** facts_free - free them */
void facts_free(struct facts *facts)
{
	for (size_t i = 0; i < facts->count; i++) {
		free(facts->items[i].name);
		free(facts->items[i].value);
		free(facts->items[i].raw);
	}
	for (size_t i = 0; i < facts->records; i++)
		free(facts->types[i]);
	free(facts->items);
	free(facts->types);
}

/**
 * facts_find - the first field of a name that the kernel has written
 * @facts: where to look
 * @type: in records of this type; NULL for all that do not only accompany another
 * @name: the field
 *
 * Return: NULL if there is none.
 */
const struct fact *facts_find(const struct facts *facts, const char *type, const char *name)
{
	for (size_t i = 0; i < facts->count; i++) {
		const struct fact *fact = &facts->items[i];

		if (!fact->sender && !strcmp(fact->name, name) &&
		    (type ? !strcmp(fact->type, type) : !fact->auxiliary))
			return fact;
	}
	return NULL;
}

static bool is_nothing(const char *value)
{
	return !*value || !strcmp(value, "(null)") || !strcmp(value, "(none)") ||
	       !strcmp(value, "?");
}

/** facts_text - what such a field says, NULL if there is none or it says nothing */
const char *facts_text(const struct facts *facts, const char *type, const char *name)
{
	const struct fact *fact = facts_find(facts, type, name);

	return fact && !is_nothing(fact->value) ? fact->value : NULL;
}

/** facts_sent - what the sender of a user message says in a field, NULL if nothing */
const char *facts_sent(const struct facts *facts, const char *name)
{
	for (size_t i = 0; i < facts->count; i++) {
		const struct fact *fact = &facts->items[i];

		if (fact->sender && !strcmp(fact->name, name) && !is_nothing(fact->value))
			return fact->value;
	}
	return NULL;
}

/**
 * fact_number - read a decimal number
 * @raw: as it is in the log
 * @number: out
 *
 * Return: false if it is none.
 */
bool fact_number(const char *raw, long long *number)
{
	size_t sign = *raw == '-', digits = strspn(raw + sign, "0123456789");

	if (!digits || digits > 18 || raw[sign + digits])
		return false;
	*number = atoll(raw);
	return true;
}

/** facts_number - the number in such a field; false if there is none */
bool facts_number(const struct facts *facts, const char *type, const char *name, long long *number)
{
	const struct fact *fact = facts_find(facts, type, name);

	return fact && fact_number(fact->raw, number);
}

/** fact_meaning - what its number means, NULL if that is not known */
const char *fact_meaning(const struct fact *fact)
{
	if (!fact || !strcmp(fact->value, fact->raw) || !strcmp(fact->value, "unset"))
		return NULL;
	return fact->value;
}

/* a0, or a0[1] for a part of it; false for argc, a0_len */
static bool argument_number(const char *name, unsigned long *number)
{
	char *end;

	if (name[0] != 'a' || name[1] < '0' || name[1] > '9')
		return false;
	*number = strtoul(name + 1, &end, 10);
	return !*end || *end == '[';
}

static void add_text(struct json_object *to, char **text, size_t *len)
{
	if (*text)
		json_object_array_add(to, json_object_new_string_len(*text, *len));
	free(*text);
	*text = NULL;
	*len = 0;
}

/**
 * facts_arguments - with which arguments a program was executed
 * @facts: of the event
 *
 * A long one is in several parts, and those may be in several records.
 *
 * Return: an array of strings; NULL if there is no EXECVE record, or no memory.
 */
struct json_object *facts_arguments(const struct facts *facts)
{
	struct json_object *out = NULL;
	unsigned long number, last = 0;
	size_t len = 0, more;
	char *text = NULL, *longer;

	for (size_t i = 0; i < facts->count; i++) {
		const struct fact *fact = &facts->items[i];

		if (fact->sender || strcmp(fact->type, "EXECVE") ||
		    !argument_number(fact->name, &number))
			continue;
		out = out ?: json_object_new_array();
		if (number != last)
			add_text(out, &text, &len);
		last = number;
		more = strlen(fact->value);
		longer = realloc(text, len + more + 1);
		if (!longer)
			break;
		text = longer;
		memcpy(text + len, fact->value, more + 1);
		len += more;
	}
	if (out)
		add_text(out, &text, &len);
	return out;
}

static bool needs_quotes(const char *text)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789%+,-./:=@_";

	return !*text || text[strspn(text, plain)];
}

/**
 * word_print - print a word as a shell would take it: it cannot pass for what stands around
 * @to: the stream
 * @text: the word
 */
void word_print(FILE *to, const char *text)
{
	if (!needs_quotes(text)) {
		fputs(text, to);
		return;
	}
	fputc('\'', to);
	for (; *text; text++)
		fputs(*text == '\'' ? "'\\''" : (const char[]){ *text, '\0' }, to);
	fputc('\'', to);
}

/**
 * arguments_line - arguments as a shell would take them
 * @arguments: of facts_arguments()
 *
 * Return: allocated; NULL without memory.
 */
char *arguments_line(struct json_object *arguments)
{
	size_t size, count = json_object_array_length(arguments);
	char *line = NULL;
	FILE *to = open_memstream(&line, &size);

	if (!to)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		if (i)
			fputc(' ', to);
		word_print(to, json_object_get_string(json_object_array_get_idx(arguments, i)));
	}
	fclose(to);
	return line;
}
