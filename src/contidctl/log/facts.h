/* SPDX-License-Identifier: GPL-2.0 */
/* What an event says, kept to be asked in any order. */
#ifndef CONTIDCTL_FACTS_H
#define CONTIDCTL_FACTS_H

#include <stdio.h>

#include <json-c/json.h>

#include "parser.h"

/**
 * struct fact - one field of one of its records
 * @type: the record's type
 * @record: which one it is
 * @auxiliary: it only accompanies another
 * @sender: see struct field
 * @name: see struct field, as the other two
 * @value: allocated
 * @raw: allocated
 */
struct fact {
	const char *type;
	size_t record;
	bool auxiliary;
	bool sender;
	char *name, *value, *raw;
};

/**
 * struct facts - all of an event
 * @items: in the order of the log
 * @count: how many
 * @types: each record's type, allocated
 * @records: how many
 * @failed: no memory
 */
struct facts {
	struct fact *items;
	size_t count;
	char **types;
	size_t records;
	bool failed;
};

bool facts_read(struct facts *facts, struct parser *parser, const struct event *event);
const struct fact *facts_find(const struct facts *facts, const char *type, const char *name);
const char *facts_text(const struct facts *facts, const char *type, const char *name);
const char *facts_sent(const struct facts *facts, const char *name);
bool facts_number(const struct facts *facts, const char *type, const char *name, long long *number);
bool fact_number(const char *raw, long long *number);
const char *fact_meaning(const struct fact *fact);
struct json_object *facts_arguments(const struct facts *facts);
void word_print(FILE *to, const char *text);
char *arguments_line(struct json_object *arguments);
void facts_free(struct facts *facts);

#endif
