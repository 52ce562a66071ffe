// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "columns.h"

/* Words in the last column stand apart from a number before them. */
static const char *gap(const struct column *columns, const struct column *column)
{
	if (column == columns)
		return "";
	return column[-1].width > 0 && !column->width ? "  " : " ";
}

/** columns_head - print the header of a table */
void columns_head(const struct column *columns)
{
	for (const struct column *column = columns; column->name; column++)
		printf("%s%*s", gap(columns, column), column->width, column->name);
	putchar('\n');
}

static void print_cell(const struct column *column, const struct row *row, FILE *to)
{
	struct json_object *value;

	if (column->format) {
		column->format(row, to);
		return;
	}
	value = json_object_object_get(row->json, column->key);
	fputs(value ? json_object_get_string(value) : column->none ?: "-", to);
}

/* To be freed; NULL if there is no memory. */
static char *cell_text(const struct column *column, const struct row *row)
{
	char *text = NULL;
	size_t size;
	FILE *to = open_memstream(&text, &size);

	if (!to)
		return NULL;
	print_cell(column, row, to);
	fclose(to);
	return text;
}

/**
 * columns_row - print a row of a table
 * @columns: the columns
 * @row: the row
 */
void columns_row(const struct column *columns, const struct row *row)
{
	for (const struct column *column = columns; column->name; column++) {
		char *text;

		fputs(gap(columns, column), stdout);
		if (column->width) {
			text = cell_text(column, row);
			printf("%*s", column->width, text ?: "?");
			free(text);
		} else {
			print_cell(column, row, stdout);
		}
	}
	putchar('\n');
}

/**
 * columns_table - print a whole table, and free its rows
 * @columns: the columns, of which none needs more than a row's JSON
 * @rows: an array
 */
void columns_table(const struct column *columns, struct json_object *rows)
{
	columns_head(columns);
	for (size_t i = 0; i < json_object_array_length(rows); i++)
		columns_row(columns, &(struct row){ .json = json_object_array_get_idx(rows, i) });
	json_object_put(rows);
}

static int longest_name(const struct column *columns)
{
	size_t width = 0;

	for (; columns->name; columns++) {
		if (strlen(columns->name) > width)
			width = strlen(columns->name);
	}
	return width;
}

/**
 * columns_list - print a row as a list, with a line for each column
 * @columns: the columns; one that shows nothing has no line
 * @row: the row
 */
void columns_list(const struct column *columns, const struct row *row)
{
	int width = longest_name(columns);

	for (const struct column *column = columns; column->name; column++) {
		char *text = cell_text(column, row);

		if (!text || *text)
			printf("  %-*s  %s\n", width, column->name, text ?: "?");
		free(text);
	}
}

/**
 * columns_help - print what --help says of the columns
 * @columns: the columns
 */
void columns_help(const struct column *columns)
{
	int width = longest_name(columns);

	for (; columns->name; columns++) {
		const char *name = columns->name, *text = columns->help;

		while (text) {
			int length = strcspn(text, "\n");

			printf("  %-*s  %.*s\n", width, name, length, text);
			name = "";
			text = text[length] ? text + length + 1 : NULL;
		}
	}
}
