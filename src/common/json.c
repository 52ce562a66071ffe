// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>

#include "json.h"

/**
 * json_add - set a member
 * @to: an object
 * @name: the member
 * @value: belongs to @to from here on; NULL is null
 */
void json_add(struct json_object *to, const char *name, struct json_object *value)
{
	json_object_object_add(to, name, value);
}

/** json_add_number - set a member to a number */
void json_add_number(struct json_object *to, const char *name, uint64_t value)
{
	json_add(to, name, json_object_new_uint64(value));
}

/** json_add_known - set a member to a number; to null if it is not @known */
void json_add_known(struct json_object *to, const char *name, bool known, int64_t value)
{
	json_add(to, name, known ? json_object_new_int64(value) : NULL);
}

/** json_add_text - set a member to a string; to null if there is none, or nothing in it */
void json_add_text(struct json_object *to, const char *name, const char *text)
{
	json_add(to, name, text && *text ? json_object_new_string(text) : NULL);
}

/**
 * json_print - print and free
 * @what: the outermost object or array
 */
void json_print(struct json_object *what)
{
	puts(json_object_to_json_string_ext(what, JSON_C_TO_STRING_PRETTY |
							  JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(what);
}

/** json_is_blank - there is nothing but white space, as behind the end of a value */
bool json_is_blank(const char *text, size_t length)
{
	while (length && *text && strchr(" \t\r\n", *text)) {
		text++;
		length--;
	}
	return !length;
}
