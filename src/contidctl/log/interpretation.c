// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "interpretation.h"

#define UNSET "4294967295"

/* What says which container it is gets no interpretation. */
static bool is_ours(const char *name)
{
	return !strcmp(name, "contid") || !strcmp(name, "ocontid") ||
	       !strcmp(name, "old-ocontid") || !strcmp(name, "netcontid");
}

/*
 * libauparse reads beyond the end of a command line that begins with digits and is
 * not all of them, as in a record that was cut.
 */
static bool is_cut(const char *name, const char *raw)
{
	size_t digits = strspn(raw, "0123456789ABCDEFabcdef");

	return !strcmp(name, "proctitle") && digits && (raw[digits] || digits % 2);
}

/** text_borrowed - a string that somebody else frees; or NULL */
struct text text_borrowed(const char *at)
{
	return (struct text){ at, NULL };
}

/** text_owned - a string that was made; or NULL */
struct text text_owned(char *made)
{
	return (struct text){ made, made };
}

/* "alice", or in hexadecimal digits what has a blank in it */
static struct text name_text(struct slice name)
{
	char *text;

	if (name.len >= 2 && name.at[0] == '"')
		return text_owned(strndup(name.at + 1, name.len - 2));
	text = strndup(name.at, name.len);
	if (text && name.len % 2 == 0 && strspn(text, "0123456789ABCDEF") == name.len) {
		for (size_t i = 0; i < name.len / 2; i++)
			sscanf(name.at + 2 * i, "%2hhx", &text[i]);
		text[name.len / 2] = '\0';
	}
	return text_owned(text);
}

/*
 * Whom a number means is known on the machine that wrote the log. That one may have
 * written it down; the one that reads it has users of its own.
 */
static struct text user_text(auparse_state_t *au, bool local_names, const char *raw, bool named,
			     struct slice name)
{
	const char *value;

	if (named)
		return name_text(name);
	if (local_names) {
		value = auparse_interpret_field(au);
		return text_borrowed(value ?: raw);
	}
	return text_borrowed(!strcmp(raw, UNSET) || !strcmp(raw, "-1") ? "unset" : raw);
}

/**
 * is_user_number - is a field the number of a user or a group?
 * @au: stands at it
 * @field: its name: of the others it need not be asked, as each name of such a field ends so
 */
bool is_user_number(auparse_state_t *au, const char *field)
{
	size_t len = strlen(field);
	int type;

	if (len < 2 || memcmp(field + len - 2, "id", 2))
		return false;
	type = auparse_get_field_type(au);
	return type == AUPARSE_TYPE_UID || type == AUPARSE_TYPE_GID;
}

/* libauparse leaves the quotes if it does not know what a field is. */
static struct text unquoted(const char *value)
{
	size_t len = strlen(value);

	if (len >= 2 && value[0] == '"' && value[len - 1] == '"')
		return text_owned(strndup(value + 1, len - 2));
	return text_borrowed(value);
}

/**
 * interpret - what a field's value means
 * @au: stands at it
 * @local_names: see parser_new()
 * @field: its name
 * @raw: its value in the log
 * @named: if it is a user, auditd says who that is
 * @name: then: how auditd calls it
 *
 * Return: until libauparse goes on, or longer if it is owned; at is NULL without memory.
 */
struct text interpret(auparse_state_t *au, bool local_names, const char *field, const char *raw,
		      bool named, struct slice name)
{
	const char *value = NULL;

	if (is_user_number(au, field))
		return user_text(au, local_names, raw, named, name);
	if (!is_ours(field) && !is_cut(field, raw))
		value = auparse_interpret_field(au);
	return unquoted(value ?: raw);
}
