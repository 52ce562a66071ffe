// SPDX-License-Identifier: GPL-2.0
#include <libaudit.h>
#include <stdio.h>
#include <string.h>

#include "facts.h"
#include "formats.h"
#include "json.h"
#include "label.h"
#include "label_json.h"
#include "moment.h"

struct json_event {
	struct json_object *records;
	struct json_object *numbers;
	struct json_object *record;
	struct json_object *fields;
	struct json_object *raw;
	struct json_object *message;
};

static void json_add_slice(struct json_object *to, const char *name, struct slice slice)
{
	json_add(to, name, slice.len ? json_object_new_string_len(slice.at, slice.len) : NULL);
}

static void json_record(void *data, struct slice type)
{
	struct json_event *json = data;

	json->record = json_object_new_object();
	json->fields = json_object_new_object();
	json->raw = json->message = json->numbers = NULL;
	json_add_slice(json->record, "type", type);
	json_add(json->record, "fields", json->fields);
	json_object_array_add(json->records, json->record);
}

/* What a sender says is not to be taken for what the kernel says. */
static void json_message(void *data, const char *message)
{
	struct json_event *json = data;

	json_add(json->record, "text", json_object_new_string(message));
	json->message = json_object_new_object();
	json_add(json->record, "message", json->message);
}

/* A field that is there twice, as key may be, is an array. */
static void add_field(struct json_object *to, const char *name, const char *text)
{
	struct json_object *value = json_object_new_string(text), *before, *list;

	if (!json_object_object_get_ex(to, name, &before)) {
		json_object_object_add_ex(to, name, value, JSON_C_OBJECT_ADD_KEY_IS_NEW);
	} else if (json_object_is_type(before, json_type_array)) {
		json_object_array_add(before, value);
	} else {
		list = json_object_new_array();
		json_object_array_add(list, json_object_get(before));
		json_object_array_add(list, value);
		json_add(to, name, list);
	}
}

/* A number that "fields" has the meaning of, as auid=1000 and syscall=257 */
static bool is_number(const struct field *field)
{
	size_t len = strlen(field->raw);

	return len <= 20 && strspn(field->raw, "-0123456789abcdef") == len &&
	       strcmp(field->raw, field->value) &&
	       (strncmp(field->value, "0x", 2) || strcmp(field->raw, field->value + 2));
}

/* Those that the kernel prints in decimal; most others are in hexadecimal digits. */
static bool is_decimal(const char *name)
{
	static const char *const names[] = {
		"syscall",  "exit",	"items",     "item",	   "argc",   "ppid",  "pid",
		"opid",	    "auid",	"oauid",     "uid",	   "gid",    "euid",  "egid",
		"suid",	    "sgid",	"fsuid",     "fsgid",	   "ouid",   "ogid",  "ses",
		"oses",	    "old-auid", "old-ses",   "sig",	   "inode",  "res",   "errno",
		"count",    "mntns",	"pidns",     "netns",	   "userns", "utsns", "ipcns",
		"cgroupns", "timens",	"processes", "containers",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (names[i][0] == *name && !strcmp(names[i], name))
			return true;
	}
	return false;
}

static void add_number(struct json_event *json, const struct field *field)
{
	long long number;

	if (!is_decimal(field->name) || !fact_number(field->raw, &number))
		return;
	if (!json->numbers) {
		json->numbers = json_object_new_object();
		json_add(json->record, "numbers", json->numbers);
	}
	json_add(json->numbers, field->name, json_object_new_int64(number));
}

static void json_field(void *data, const struct field *field)
{
	struct json_event *json = data;
	struct json_object *to = field->sender ? json->message : json->fields;

	if (!to)
		return;
	add_field(to, field->name, field->value);
	if (field->sender)
		return;
	add_number(json, field);
	if (!is_number(field))
		return;
	if (!json->raw) {
		json->raw = json_object_new_object();
		json_add(json->record, "raw", json->raw);
	}
	add_field(json->raw, field->name, field->raw);
}

static void add_container(struct json_object *out, const char *key, struct names *names,
			  const struct stamp *stamp, struct slice label)
{
	struct label_name name;

	if (!label.len)
		return;
	label_name_find(names, stamp->node, label, stamp->sec * 1000 + stamp->milli, &name);
	json_add(out, key, label_json(label, &name));
	label_name_free(&name);
}

static bool add_arguments(struct json_object *out, struct parser *parser, const struct event *event)
{
	struct json_object *arguments;
	struct facts facts;
	bool ok = facts_read(&facts, parser, event);

	arguments = ok ? facts_arguments(&facts) : NULL;
	if (arguments)
		json_add(out, "args", arguments);
	facts_free(&facts);
	return ok;
}

static bool has_arguments(const struct event *event)
{
	struct record record;
	size_t at = 0;

	while (event_next(event, &at, &record)) {
		if (record.type == AUDIT_EXECVE)
			return true;
	}
	return false;
}

/**
 * show_json - print an event as one object, on one line
 * @parser: the parser
 * @names: what the containers are called
 * @event: the event
 * @main: the record that says most of it
 *
 * Return: false without memory.
 */
bool show_json(struct parser *parser, struct names *names, const struct event *event,
	       const struct record *main)
{
	struct json_event json = { .records = json_object_new_array() };
	const struct field_user user = {
		.record = json_record,
		.message = json_message,
		.field = json_field,
		.data = &json,
	};
	uint64_t milli = main->stamp.sec * 1000 + main->stamp.milli;
	struct json_object *out = json_object_new_object();
	struct slice subject, object, list;
	char when[MOMENT_TEXT];
	bool ok = true;

	show_labels(event, &subject, &object);
	moment_utc(milli, when);
	json_add_number(out, "schema", JSON_SCHEMA);
	json_add_slice(out, "node", main->stamp.node);
	json_add(out, "time", json_object_new_string(when));
	json_add_number(out, "milliseconds", milli);
	json_add_number(out, "serial", main->stamp.serial);
	json_add_slice(out, "type", main->type_name);
	json_add_slice(out, "contid", subject);
	json_add(out, "ancestors", label_ancestors(subject));
	add_container(out, "container", names, &event->stamp, subject);
	json_add_slice(out, "ocontid", object);
	add_container(out, "ocontainer", names, &event->stamp, object);
	if (label_net(main, &list))
		json_add(out, "netcontid", label_list(list));
	if (has_arguments(event))
		ok = add_arguments(out, parser, event);
	json_add(out, "records", json.records);
	ok = ok && parser_read(parser, event, &user, NULL);
	if (ok)
		puts(json_object_to_json_string_ext(out, JSON_C_TO_STRING_PLAIN |
								 JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(out);
	return ok;
}
