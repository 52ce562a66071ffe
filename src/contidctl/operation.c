// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "operation.h"

/* Names are kept as they are, what people read is interpreted. */
static const struct {
	const char *name;
	bool interpreted;
} fields[OPERATION_FIELDS] = {
	[OPERATION_OP] = { "op", false },
	[OPERATION_OPID] = { "opid", false },
	[OPERATION_OCONTID] = { "ocontid", false },
	[OPERATION_OLD_OCONTID] = { "old-ocontid", false },
	[OPERATION_AUID] = { "auid", true },
	[OPERATION_UID] = { "uid", true },
	[OPERATION_PID] = { "pid", false },
	[OPERATION_COMM] = { "comm", true },
	[OPERATION_EXE] = { "exe", true },
	[OPERATION_ERRNO] = { "errno", false },
	[OPERATION_RES] = { "res", false },
	[OPERATION_COUNT] = { "count", false },
	[OPERATION_VERSION] = { "version", false },
	[OPERATION_CONTAINERS] = { "containers", false },
	[OPERATION_CONTID] = { "contid", false },
};

static void begin_record(void *data, const char *type)
{
	struct operation *operation = data;

	operation->collects = !operation->field[OPERATION_OP] && !strcmp(type, "KERNEL_OTHER");
}

static void collect(void *data, const struct field *field)
{
	struct operation *operation = data;

	for (int i = 0; operation->collects && i < OPERATION_FIELDS; i++) {
		if (!operation->field[i] && !strcmp(fields[i].name, field->name))
			operation->field[i] =
				strdup(fields[i].interpreted ? field->value : field->raw);
	}
}

/**
 * operation_read - find it in an event
 * @operation: out; to be freed by operation_free(), also where there is none
 * @parser: the parser
 * @event: the event
 *
 * Return: false where there is none in it.
 */
bool operation_read(struct operation *operation, struct parser *parser, const struct event *event)
{
	const struct field_user user = {
		.record = begin_record,
		.field = collect,
		.data = operation,
	};

	*operation = (struct operation){};
	return parser_read(parser, event, &user) && operation->field[OPERATION_OP];
}

/** operation_text - a field of it, "?" where it is not known */
const char *operation_text(const struct operation *operation, enum operation_field field)
{
	return operation->field[field] ?: "?";
}

/** operation_is - is it this one? */
bool operation_is(const struct operation *operation, const char *op)
{
	return !strcmp(operation_text(operation, OPERATION_OP), op);
}

/** operation_refused - was it not done? */
bool operation_refused(const struct operation *operation)
{
	return !strcmp(operation_text(operation, OPERATION_RES), "0");
}

/** operation_free - free its fields */
void operation_free(struct operation *operation)
{
	for (int i = 0; i < OPERATION_FIELDS; i++)
		free(operation->field[i]);
}
