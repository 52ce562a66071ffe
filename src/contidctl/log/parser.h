/* SPDX-License-Identifier: GPL-2.0 */
/* An event's fields, taken apart and made readable by libauparse. */
#ifndef CONTIDCTL_PARSER_H
#define CONTIDCTL_PARSER_H

#include <auparse.h>

#include "assembly.h"

/**
 * struct field - one field of a record
 * @name: its name
 * @value: for a human, without control characters
 * @value_len: its length
 * @raw: as it is in the log; likewise
 * @sender: the sender of a user message chose it, and its name too
 */
struct field {
	const char *name;
	const char *value;
	size_t value_len;
	const char *raw;
	bool sender;
};

/**
 * struct field_user - what comes of them
 * @record: a record begins; may be NULL
 * @message: all that the sender of a user message wrote, before its fields; may
 *	be NULL
 * @field: its fields
 * @data: for all of them
 * @has: may a record have a field that is wanted? Else it has not to be taken apart, which
 *	costs most of the time; NULL if all may
 * @wants: is a field of this name wanted? NULL if all are
 */
struct field_user {
	void (*record)(void *data, struct slice type);
	void (*message)(void *data, const char *text);
	void (*field)(void *data, const struct field *field);
	void *data;
	bool (*has)(const struct record *record);
	bool (*wants)(const char *name);
};

/**
 * struct summary - what libauparse makes of an event as a whole
 * @action: what was done
 * @result: how it ended
 * @object: to what
 * @how: with which program
 *
 * Each is allocated, or NULL if that is not known.
 */
struct summary {
	char *action;
	char *result;
	char *object;
	char *how;
};

struct parser;

struct parser *parser_new(bool local_names);
bool parser_read(struct parser *parser, const struct event *event, const struct field_user *user,
		 struct summary *summary);
void summary_free(struct summary *summary);
void parser_free(struct parser *parser);

#endif
