// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE /* asprintf */
#include <inttypes.h>
#include <libaudit.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "formats.h"
#include "moment.h"
#include "printable.h"

/**
 * struct column - a column of CSV that is a field of the main record, or of the first
 * that has it
 * @name: in the header
 * @field: the field's name
 * @of: the number in the log, what that means, or what is readable
 */
static const struct column {
	const char *name;
	const char *field;
	enum { NUMBER, MEANING, READABLE } of;
} columns[] = {
	{ "pid", "pid", NUMBER },	  { "auid", "auid", NUMBER },
	{ "auid_name", "auid", MEANING }, { "uid", "uid", NUMBER },
	{ "uid_name", "uid", MEANING },	  { "comm", "comm", READABLE },
	{ "exe", "exe", READABLE },	  { "key", "key", READABLE },
};

#define COLUMNS (sizeof(columns) / sizeof(*columns))

/**
 * struct csv - a line on its way
 * @value: of each column, NULL so far
 * @had: an earlier record had it
 */
struct csv {
	char *value[COLUMNS];
	bool had[COLUMNS];
};

/* Of these there are several for a system call, and none has anything of the columns. */
static bool csv_has(const struct record *record)
{
	switch (record->type) {
	case AUDIT_PATH:
	case AUDIT_CWD:
	case AUDIT_EXECVE:
	case AUDIT_PROCTITLE:
	case AUDIT_SOCKADDR:
		return false;
	default:
		return true;
	}
}

static bool csv_wants(const char *name)
{
	for (size_t i = 0; i < COLUMNS; i++) {
		if (columns[i].field[0] == *name && !strcmp(columns[i].field, name))
			return true;
	}
	return false;
}

static const char *csv_value(const struct column *column, const struct field *field)
{
	if (column->of == NUMBER)
		return field->raw;
	return column->of == READABLE || strcmp(field->value, field->raw) ? field->value : "";
}

/* An event of several rules has several keys. */
static char *csv_join(char *before, const char *next)
{
	char *both;

	if (asprintf(&both, "%s,%s", before, next) < 0)
		return before;
	free(before);
	return both;
}

static void csv_record(void *data, struct slice type)
{
	struct csv *csv = data;

	(void)type;
	for (size_t i = 0; i < COLUMNS; i++)
		csv->had[i] = csv->value[i];
}

static void csv_field(void *data, const struct field *field)
{
	struct csv *csv = data;

	for (size_t i = 0; i < COLUMNS && !field->sender; i++) {
		if (strcmp(columns[i].field, field->name) || csv->had[i])
			continue;
		if (!csv->value[i])
			csv->value[i] = strdup(csv_value(&columns[i], field));
		else if (!strcmp(field->name, "key"))
			csv->value[i] = csv_join(csv->value[i], field->value);
	}
}

/*
 * A spreadsheet takes what begins so for a formula, and runs it: a quote makes it
 * text. A number is none.
 */
static bool is_formula(const char *text, size_t len)
{
	if (!len || !strchr("=+-@", text[0]))
		return false;
	for (size_t i = text[0] == '-'; i < len; i++) {
		if (text[i] < '0' || text[i] > '9')
			return true;
	}
	return false;
}

static void csv_print(const char *text, size_t len, char end)
{
	const char *quote = is_formula(text, len) ? "'" : "";

	if (len && (memchr(text, ',', len) || memchr(text, '"', len))) {
		printf("\"%s", quote);
		for (size_t i = 0; i < len; i++) {
			if (text[i] == '"')
				putchar('"');
			putchar(text[i]);
		}
		putchar('"');
	} else if (len) {
		fputs(quote, stdout);
		fwrite(text, 1, len, stdout);
	}
	putchar(end);
}

static void csv_text(const char *text, char end)
{
	csv_print(text, text ? strlen(text) : 0, end);
}

/* The kernel has one word for it, daemons another. */
static const char *csv_result(const char *result)
{
	if (result && !strcmp(result, "yes"))
		return "success";
	return result && !strcmp(result, "no") ? "failed" : result;
}

/** show_csv_header - print the names of the columns */
void show_csv_header(void)
{
	printf("node,time,serial,type,contid,ocontid");
	for (size_t i = 0; i < COLUMNS; i++)
		printf(",%s", columns[i].name);
	puts(",action,result,object,how");
}

/**
 * show_csv - print an event on one line
 * @parser: the parser
 * @event: the event
 * @main: the record that says most of it
 *
 * Return: false without memory.
 */
bool show_csv(struct parser *parser, const struct event *event, const struct record *main)
{
	struct csv csv = {};
	const struct field_user user = {
		.record = csv_record,
		.field = csv_field,
		.data = &csv,
		.has = csv_has,
		.wants = csv_wants,
	};
	struct slice subject, object, op;
	struct summary summary;
	char when[MOMENT_TEXT];

	if (!parser_read(parser, event, &user, &summary))
		return false;
	show_labels(event, &subject, &object);
	moment_utc(main->stamp.sec * 1000 + main->stamp.milli, when);
	csv_print(main->stamp.node.at, main->stamp.node.len, ',');
	printf("%s,%" PRIu64 ",", when, main->stamp.serial);
	csv_print(main->type_name.at, main->type_name.len, ',');
	csv_print(subject.at, subject.len, ',');
	csv_print(object.at, object.len, ',');
	for (size_t i = 0; i < COLUMNS; i++) {
		csv_text(csv.value[i], ',');
		free(csv.value[i]);
	}
	if (main->type == AUDIT_KERNEL_OTHER && record_field(main, "op", &op) &&
	    is_printable(op.at, op.len))
		csv_print(op.at, op.len, ',');
	else
		csv_text(summary.action, ',');
	csv_text(csv_result(summary.result), ',');
	csv_text(summary.object, ',');
	csv_text(summary.how, '\n');
	summary_free(&summary);
	return true;
}
