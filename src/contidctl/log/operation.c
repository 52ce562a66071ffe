// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "operation.h"

/*
 * Names are kept as they are, what people read is interpreted. The first ones stand in front
 * of the security context, which may have blanks and be chosen. Of those behind that the
 * last one counts, and of those behind the result, what comes after the last result.
 */
static const struct {
	const char *name;
	bool interpreted;
	enum { FIRST, LAST, BEHIND_RESULT } counts;
} fields[OPERATION_FIELDS] = {
	[OPERATION_OP] = { "op", false, FIRST },
	[OPERATION_OPID] = { "opid", false, FIRST },
	[OPERATION_OCONTID] = { "ocontid", false, FIRST },
	[OPERATION_OLD_OCONTID] = { "old-ocontid", false, FIRST },
	[OPERATION_AUID] = { "auid", true, FIRST },
	[OPERATION_UID] = { "uid", true, FIRST },
	[OPERATION_PID] = { "pid", false, FIRST },
	[OPERATION_COMM] = { "comm", true, FIRST },
	[OPERATION_EXE] = { "exe", true, FIRST },
	[OPERATION_ERRNO] = { "errno", false, LAST },
	[OPERATION_RES] = { "res", false, LAST },
	[OPERATION_COUNT] = { "count", false, FIRST },
	[OPERATION_SIG] = { "sig", false, FIRST },
	[OPERATION_RATE] = { "rate", false, FIRST },
	[OPERATION_BURST] = { "burst", false, FIRST },
	[OPERATION_VERSION] = { "version", false, FIRST },
	[OPERATION_CONTAINERS] = { "containers", false, FIRST },
	[OPERATION_CONTID] = { "contid", false, BEHIND_RESULT },
	[OPERATION_VM] = { "vm", true, BEHIND_RESULT },
};

static void begin_record(void *data, struct slice type)
{
	struct operation *operation = data;

	operation->collects = !operation->field[OPERATION_OP] && slice_is(type, "KERNEL_OTHER");
	operation->behind = false;
}

static void forget(struct operation *operation, int field)
{
	free(operation->field[field]);
	operation->field[field] = NULL;
}

static void collect_as(struct operation *operation, int i, const struct field *field)
{
	if (fields[i].counts == FIRST && (operation->field[i] || operation->behind))
		return;
	forget(operation, i);
	operation->field[i] = strdup(fields[i].interpreted ? field->value : field->raw);
	for (int other = 0; i == OPERATION_RES && other < OPERATION_FIELDS; other++) {
		if (fields[other].counts == BEHIND_RESULT)
			forget(operation, other);
	}
}

static void collect(void *data, const struct field *field)
{
	struct operation *operation = data;

	for (int i = 0; operation->collects && i < OPERATION_FIELDS; i++) {
		if (!strcmp(fields[i].name, field->name))
			collect_as(operation, i, field);
	}
	if (!strcmp(field->name, "subj"))
		operation->behind = true;
}

/**
 * operation_read - find it in an event
 * @operation: out; to be freed by operation_free(), also if there is none
 * @parser: the parser
 * @event: the event
 *
 * Return: false if there is none in it.
 */
bool operation_read(struct operation *operation, struct parser *parser, const struct event *event)
{
	const struct field_user user = {
		.record = begin_record,
		.field = collect,
		.data = operation,
	};

	*operation = (struct operation){};
	return parser_read(parser, event, &user, NULL) && operation->field[OPERATION_OP];
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
