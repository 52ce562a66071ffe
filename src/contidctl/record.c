// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE /* memrchr */
#include <libaudit.h>
#include <stdlib.h>
#include <string.h>

#include "printable.h"
#include "record.h"

#define TYPE_NAME_MAX 64
#define KEY_SEPARATOR '\001'

/* libaudit's look-up compares strings; few types make up most of a log */
static int type_of(struct slice name)
{
	static struct known {
		char name[TYPE_NAME_MAX];
		size_t len;
		int type;
	} cache[64];
	struct known *known;

	if (!name.len || name.len >= TYPE_NAME_MAX)
		return -1;
	known = &cache[(name.len * 7 + (unsigned char)name.at[0] * 3 +
			(unsigned char)name.at[name.len - 1]) %
		       64];
	if (known->len != name.len || memcmp(known->name, name.at, name.len)) {
		memcpy(known->name, name.at, name.len);
		known->name[name.len] = '\0';
		known->len = name.len;
		known->type = audit_name_to_msg_type(known->name);
	}
	return known->type;
}

bool slice_is(struct slice slice, const char *text)
{
	return slice.len == strlen(text) && !memcmp(slice.at, text, slice.len);
}

static bool skip(const char **at, const char *end, const char *text)
{
	size_t len = strlen(text);

	if ((size_t)(end - *at) < len || memcmp(*at, text, len))
		return false;
	*at += len;
	return true;
}

/* It is shown as it is: one that a terminal might obey is no name of auditd's. */
static bool word(const char **at, const char *end, struct slice *out)
{
	const char *blank = memchr(*at, ' ', end - *at);

	if (!blank || blank == *at || !is_printable(*at, blank - *at))
		return false;
	*out = (struct slice){ *at, blank - *at };
	*at = blank + 1;
	return true;
}

static bool number(const char **at, const char *end, uint64_t *out)
{
	const char *begin = *at;

	*out = 0;
	while (*at < end && **at >= '0' && **at <= '9' && *at - begin < 19)
		*out = *out * 10 + (*(*at)++ - '0');
	return *at > begin;
}

/*
 * What a sender wrote may have the separator in it. The kernel closes such a
 * text with a quote, so that where the line ends with one, auditd has added
 * nothing; and where it has, that is behind the last separator.
 */
static const char *text_end(const struct record *record, const char *text, const char *end)
{
	const char *separator;

	if (!record_is_from_user(record))
		separator = memchr(text, RECORD_SEPARATOR, end - text);
	else if (end > text && end[-1] == '\'')
		separator = NULL;
	else
		separator = memrchr(text, RECORD_SEPARATOR, end - text);
	return separator ?: end;
}

/**
 * record_parse - take a line apart
 * @record: out
 * @line: "[node=NODE ]type=TYPE msg=audit(SECONDS.MILLI:SERIAL): TEXT"
 * @len: its length, without the newline
 *
 * Return: false where it is no record.
 */
bool record_parse(struct record *record, const char *line, size_t len)
{
	const char *at = line, *end = line + len;
	struct stamp *stamp = &record->stamp;
	uint64_t milli;

	record->line = (struct slice){ line, len };
	stamp->node = (struct slice){ line, 0 };
	if (skip(&at, end, "node=") && !word(&at, end, &stamp->node))
		return false;
	if (!skip(&at, end, "type=") || !word(&at, end, &record->type_name))
		return false;
	if (!skip(&at, end, "msg=audit(") || !number(&at, end, &stamp->sec) ||
	    !skip(&at, end, ".") || !number(&at, end, &milli) || milli > 999 ||
	    !skip(&at, end, ":") || !number(&at, end, &stamp->serial) || !skip(&at, end, "):"))
		return false;
	skip(&at, end, " ");
	stamp->milli = milli;
	record->type = type_of(record->type_name);
	record->text.at = at;
	record->text.len = text_end(record, at, end) - at;
	return true;
}

/**
 * record_is_from_user - may its sender have chosen what it says?
 * @record: the record; of a type that is not known here the fields tell
 */
bool record_is_from_user(const struct record *record)
{
	const char *at = record->text.at;

	switch (record->type) {
	case 1005:
	case 1100 ... 1199:
	case 2100 ... 2999:
		return true;
	case -1:
		break;
	default:
		return false;
	}
	/* the kernel begins each user message with the sender's pid */
	if (!at)
		return false;
	return skip(&at, record->line.at + record->line.len, "pid=") ||
	       skip(&at, record->line.at + record->line.len, "contid=");
}

/** record_is_auxiliary - does it only accompany another record? */
bool record_is_auxiliary(const struct record *record)
{
	switch (record->type) {
	case 1302 ... 1304:
	case 1306 ... 1307:
	case 1309:
	case 1311 ... 1315:
	case 1317 ... 1318:
	case 1320 ... 1323:
	case 1327:
	case 1330 ... 1333:
	case 1337:
	case 1425 ... 1426:
		return true;
	default:
		return false;
	}
}

/**
 * record_field - find a field
 * @record: the record
 * @name: its name
 * @value: out: as it is written
 *
 * For records of the kernel, where no value has a blank in it: what others
 * chose is quoted there, or in hexadecimal digits. In what a user sent this
 * finds the first, be it the kernel's or the sender's.
 */
bool record_field(const struct record *record, const char *name, struct slice *value)
{
	const char *at = record->text.at, *end = at + record->text.len, *blank;
	size_t len = strlen(name);

	for (; at < end; at = blank + 1) {
		blank = memchr(at, ' ', end - at) ?: end;
		if ((size_t)(blank - at) > len && at[len] == '=' && !memcmp(at, name, len)) {
			*value = (struct slice){ at + len + 1, blank - at - len - 1 };
			return true;
		}
	}
	return false;
}

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Keys that are several, or have blanks or quotes in them, are in hexadecimal. */
static bool hex_has_key(struct slice value, const char *key)
{
	size_t matched = 0, len = strlen(key);
	bool matches = true;

	for (size_t i = 0; i + 1 < value.len; i += 2) {
		int high = digit(value.at[i]), low = digit(value.at[i + 1]);
		char c;

		if (high < 0 || low < 0)
			return false;
		c = high << 4 | low;
		if (c == KEY_SEPARATOR) {
			if (matches && matched == len)
				return true;
			matched = 0;
			matches = true;
		} else if (matched < len && key[matched] == c) {
			matched++;
		} else {
			matches = false;
		}
	}
	return matches && matched == len;
}

/**
 * record_has_key - was it made by a rule with this key, or is about one?
 * @record: the record
 * @key: the key
 */
bool record_has_key(const struct record *record, const char *key)
{
	struct slice value;

	if (record_is_from_user(record) || !record_field(record, "key", &value))
		return false;
	if (value.len >= 2 && value.at[0] == '"') {
		value.at++;
		value.len -= 2;
		return slice_is(value, key);
	}
	return hex_has_key(value, key);
}
