// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE /* memmem */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common_schema.h"
#include "formats.h"
#include "printable.h"
#include "words.h"

#define SENDER " msg='"

/** schema_raw - such a field as it is in the log, NULL if there is none */
const char *schema_raw(const struct facts *facts, const char *type, const char *name)
{
	const struct fact *fact = facts_find(facts, type, name);

	return fact ? fact->raw : NULL;
}

/** schema_of_record - a field of one record, NULL if there is none */
const char *schema_of_record(const struct facts *facts, size_t record, const char *name)
{
	for (size_t i = 0; i < facts->count; i++) {
		const struct fact *fact = &facts->items[i];

		if (fact->record == record && !strcmp(fact->name, name))
			return fact->raw;
	}
	return NULL;
}

/**
 * schema_path - the file that an event is about
 * @facts: the event
 *
 * Of the directory that it is in there is a record, too, and that comes first.
 *
 * Return: the field with its name, NULL if the event is about none.
 */
const struct fact *schema_path(const struct facts *facts)
{
	const struct fact *path = NULL;
	const char *nametype;

	for (size_t i = 0; i < facts->count; i++) {
		const struct fact *fact = &facts->items[i];

		if (strcmp(fact->type, "PATH") || strcmp(fact->name, "name") ||
		    !strcmp(fact->value, "(null)"))
			continue;
		nametype = schema_of_record(facts, fact->record, "nametype");
		if (!nametype || strcmp(nametype, "PARENT"))
			return fact;
		path = path ?: fact;
	}
	return path;
}

/**
 * schema_exit_code - with which code a process ends
 * @facts: the event
 * @code: out
 *
 * Return: false if it does not, or if the record does not say.
 */
bool schema_exit_code(const struct facts *facts, long long *code)
{
	const char *syscall = facts_text(facts, "SYSCALL", "syscall");
	const char *argument = schema_raw(facts, "SYSCALL", "a0");

	if (!syscall || strcmp(syscall, "exit_group") || !argument)
		return false;
	*code = strtoull(argument, NULL, 16) & 0xff;
	return true;
}

/** schema_keys - the keys of the rules that made an event, as an array; NULL if none has one */
struct json_object *schema_keys(const struct facts *facts)
{
	struct json_object *out = NULL;

	for (size_t i = 0; i < facts->count; i++) {
		const struct fact *fact = &facts->items[i];

		if (fact->sender || strcmp(fact->name, "key") || !strcmp(fact->value, "(null)"))
			continue;
		out = out ?: json_object_new_array();
		json_object_array_add(out, json_object_new_string(fact->value));
	}
	return out;
}

/* All bytes but NUL; printable() escapes what is no text. */
static char *copy_line(const char *at, size_t len)
{
	char *copy = malloc(len + 1), *line;

	if (!copy)
		return NULL;
	memcpy(copy, at, len);
	copy[len] = '\0';
	for (char *zero = copy; (zero = memchr(zero, '\0', copy + len - zero));)
		*zero = '?';
	line = printable(copy);
	free(copy);
	return line;
}

static char *copy_lines(const struct event *event)
{
	struct record record;
	char *text = NULL, *line;
	size_t size, at = 0;
	FILE *to = open_memstream(&text, &size);

	while (to && event_next(event, &at, &record)) {
		line = copy_line(record.line.at, record.line.len);
		fprintf(to, "%s%s", at > 1 ? "\n" : "", line ?: "?");
		free(line);
	}
	if (to)
		fclose(to);
	return text;
}

static char *copy_message(const struct record *main)
{
	const char *begin = words_end(main), *end = main->text.at + main->text.len;

	if (begin == end || end - begin <= (ptrdiff_t)strlen(SENDER))
		return NULL;
	begin += strlen(SENDER);
	return copy_line(begin, end - begin - (end > begin && end[-1] == '\''));
}

static void find_containers(struct schema_event *out, struct names *names,
			    const struct event *event)
{
	show_labels(event, &out->subject.id, &out->object.id);
	label_name_find(names, event->stamp.node, out->subject.id, out->milli, &out->subject.name);
	label_name_find(names, event->stamp.node, out->object.id, out->milli, &out->object.name);
}

/**
 * show_schema - print an event as others have said how
 * @parser: the parser
 * @names: what the containers are called
 * @event: the event
 * @main: the record that says most of it
 * @make: makes an object of it
 *
 * Return: false without memory.
 */
bool show_schema(struct parser *parser, struct names *names, const struct event *event,
		 const struct record *main,
		 struct json_object *(*make)(const struct schema_event *event))
{
	const struct stamp *stamp = &main->stamp;
	struct schema_event out = {
		.milli = stamp->sec * 1000 + stamp->milli,
		.serial = stamp->serial,
		.node = stamp->node.len ? strndup(stamp->node.at, stamp->node.len) : NULL,
		.main_type = strndup(main->type_name.at, main->type_name.len),
		.outcome = event_outcome(event),
		.original = copy_lines(event),
		.text = copy_message(main),
	};
	struct json_object *object;
	bool ok;

	find_containers(&out, names, event);
	ok = facts_read(&out.facts, parser, event) && out.main_type && out.original;
	if (ok) {
		out.deed = deed_of(&out.facts, out.main_type);
		out.action = deed_action(&out.facts, out.main_type);
		object = make(&out);
		puts(json_object_to_json_string_ext(
			object, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
		json_object_put(object);
	}
	facts_free(&out.facts);
	label_name_free(&out.subject.name);
	label_name_free(&out.object.name);
	free(out.node);
	free(out.main_type);
	free(out.original);
	free(out.text);
	return ok;
}
