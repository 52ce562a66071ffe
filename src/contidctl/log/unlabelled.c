// SPDX-License-Identifier: GPL-2.0
#include <libaudit.h>
#include <stdio.h>

#include "json.h"
#include "moment.h"
#include "operation.h"
#include "unlabelled.h"

/* People read so many; programs get all. */
#define SHOWN 16

/** unlabelled_is - does the record say that something began without an ID? */
bool unlabelled_is(const struct record *record)
{
	struct slice op;

	return record->type == AUDIT_KERNEL_OTHER && !record->doubtful &&
	       record_field(record, "op", &op) && slice_is(op, "unlabelled");
}

/**
 * unlabelled_add - remember an event that has such a record
 * @list: an array, which gets an object
 * @parser: the parser
 * @event: the event
 *
 * Return: false if there is no memory.
 */
bool unlabelled_add(struct json_object *list, struct parser *parser, const struct event *event)
{
	struct json_object *one = json_object_new_object();
	struct operation operation;
	char when[MOMENT_TEXT];

	if (!operation_read(&operation, parser, event) || !one) {
		operation_free(&operation);
		json_object_put(one);
		return false;
	}
	moment_utc(event->stamp.sec * 1000 + event->stamp.milli, when);
	json_add_text(one, "time", when);
	json_add_text(one, "pid", operation.field[OPERATION_OPID]);
	json_add_text(one, "auid", operation.field[OPERATION_AUID]);
	json_add_text(one, "comm", operation.field[OPERATION_COMM]);
	json_add_text(one, "exe", operation.field[OPERATION_EXE]);
	operation_free(&operation);
	return !json_object_array_add(list, one);
}

static const char *text_of(struct json_object *one, const char *name)
{
	return json_object_get_string(json_object_object_get(one, name)) ?: "?";
}

/**
 * unlabelled_print - print them for people
 * @list: they; for none nothing is printed
 */
void unlabelled_print(struct json_object *list)
{
	size_t count = json_object_array_length(list);

	if (!count)
		return;
	printf("%zu PID namespaces began without a container ID%s\n", count,
	       count > SHOWN ? "; the last:" : ":");
	for (size_t i = count > SHOWN ? count - SHOWN : 0; i < count; i++) {
		struct json_object *one = json_object_array_get_idx(list, i);

		printf("  %s pid %s %s, %s\n", text_of(one, "time"), text_of(one, "pid"),
		       text_of(one, "comm"), text_of(one, "exe"));
	}
}
