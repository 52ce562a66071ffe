/* SPDX-License-Identifier: GPL-2.0 */
/* What the formats that others have published take from an event. */
#ifndef CONTIDCTL_COMMON_SCHEMA_H
#define CONTIDCTL_COMMON_SCHEMA_H

#include "contid.h"
#include "deed.h"
#include "json.h"
#include "label_json.h"
#include "outcome.h"

/**
 * struct schema_container - a container, and what it is called
 * @id: its ID, with what may stand behind it; of length 0 if there is none
 * @name: see label_name_find()
 */
struct schema_container {
	struct slice id;
	struct label_name name;
};

/**
 * struct schema_event - an event, looked at
 * @milli: its time, in milliseconds since 1970
 * @serial: its number
 * @node: its machine, NULL if the log does not name it
 * @main_type: the type of the record that says most of it
 * @facts: all it says
 * @deed: what was done
 * @action: in the log's word
 * @outcome: how it ended
 * @subject: the container of the process that caused it; without an ID if it has none
 * @object: likewise of the one that it was done to
 * @original: its lines, as far as they can be shown
 * @text: what the sender of a user message wrote, or NULL
 */
struct schema_event {
	uint64_t milli, serial;
	char *node;
	char *main_type;
	struct facts facts;
	const struct deed *deed;
	const char *action;
	enum outcome outcome;
	struct schema_container subject, object;
	char *original;
	char *text;
};

bool show_schema(struct parser *parser, struct names *names, const struct event *event,
		 const struct record *main,
		 struct json_object *(*make)(const struct schema_event *event));

const char *schema_raw(const struct facts *facts, const char *type, const char *name);
const char *schema_of_record(const struct facts *facts, size_t record, const char *name);
const struct fact *schema_path(const struct facts *facts);
bool schema_exit_code(const struct facts *facts, long long *code);
struct json_object *schema_keys(const struct facts *facts);

struct json_object *show_ecs(const struct schema_event *event);
struct json_object *show_ocsf(const struct schema_event *event);

#endif
