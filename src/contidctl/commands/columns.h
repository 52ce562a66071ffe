/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a command prints, described once. A row's values are the JSON object that
 * --json prints; the table for people, and its explanation in --help, pick from it.
 */
#ifndef CONTIDCTL_COLUMNS_H
#define CONTIDCTL_COLUMNS_H

#include <stdio.h>

#include <json-c/json.h>

/**
 * struct row - what one row shows
 * @json: its values
 * @of: what they were made of, for columns that show it to people in another way; may
 *	be NULL
 */
struct row {
	struct json_object *json;
	const void *of;
};

/**
 * struct column - a column of a table, or a line of a list, for people
 * @name: in the header
 * @width: of it, below 0 to begin at the left; 0 for the last one, which needs none
 * @key: of the value that it shows
 * @none: stands for null; NULL for "-"
 * @format: prints what it shows, if that is not the value as it is
 * @help: what --help says of it, in lines; NULL if the name says all
 *
 * A table of them ends with one that has no name.
 */
struct column {
	const char *name;
	int width;
	const char *key;
	const char *none;
	void (*format)(const struct row *row, FILE *to);
	const char *help;
};

void columns_head(const struct column *columns);
void columns_row(const struct column *columns, const struct row *row);
void columns_table(const struct column *columns, struct json_object *rows);
void columns_list(const struct column *columns, const struct row *row);
void columns_help(const struct column *columns);

#endif
