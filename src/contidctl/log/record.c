// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE /* memrchr */
#include <libaudit.h>
#include <stdlib.h>
#include <string.h>

#include "printable.h"
#include "record.h"
#include "record_place.h"

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

/** slice_hash - FNV-1a: of a machine's name, by which it is compared */
uint64_t slice_hash(struct slice slice)
{
	uint64_t hash = 14695981039346656037ULL;

	for (size_t i = 0; i < slice.len; i++)
		hash = (hash ^ (unsigned char)slice.at[i]) * 1099511628211ULL;
	return hash;
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

/* auditd interprets these fields, and writes their names in capitals. */
static bool is_interpreted(const char *name, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (!(name[i] >= 'A' && name[i] <= 'Z') && name[i] != '-' && name[i] != '_')
			return false;
	}
	return (len == 2 && !memcmp(name, "ID", 2)) || (len == 4 && !memcmp(name, "ARCH", 4)) ||
	       (len == 7 && !memcmp(name, "SYSCALL", 7)) ||
	       (len == 8 && !memcmp(name, "URING_OP", 8)) ||
	       (len >= 3 &&
		(!memcmp(name + len - 3, "UID", 3) || !memcmp(name + len - 3, "GID", 3)));
}

/* "alice", 616C696365 or x86_64: no byte of it could end the line's last field. */
static bool is_interpretation(const char *at, size_t len)
{
	bool quoted = len >= 2 && at[0] == '"' && at[len - 1] == '"';

	if (quoted) {
		at++;
		len -= 2;
	}
	for (size_t i = 0; i < len; i++) {
		if (at[i] == '"' || (unsigned char)at[i] <= ' ' || at[i] == 0x7f ||
		    (!quoted && at[i] == '='))
			return false;
	}
	return quoted || len;
}

/*
 * Is it what auditd adds, and nothing that a record's own text could be? The
 * kernel's fields have names in small letters, and one always follows what
 * somebody chose. The address of a socket may have any byte in it: auditd does
 * not escape it.
 */
static bool is_tail(const char *at, const char *end, bool with_address)
{
	while (at < end) {
		const char *blank = memchr(at, ' ', end - at) ?: end;
		const char *equals = memchr(at, '=', blank - at);

		if (!equals)
			return false;
		if (with_address && equals - at == 5 && !memcmp(at, "SADDR", 5))
			return end[-1] != '\''; /* which would close a sender's text */
		if (!is_interpreted(at, equals - at) ||
		    !is_interpretation(equals + 1, blank - equals - 1))
			return false;
		at = blank + 1;
	}
	return true;
}

/*
 * The kernel closes what a sender wrote with a quote, so that auditd's separator
 * stands behind one: the last, unless an address has another in it.
 */
static const char *user_separator(const char *text, const char *end)
{
	const char *separator = memchr(text, RECORD_SEPARATOR, end - text);
	bool has_message = memmem(text, end - text, " msg='", 6);

	while (separator) {
		if ((!has_message || separator[-1] == '\'') && is_tail(separator + 1, end, true))
			break;
		separator = memchr(separator + 1, RECORD_SEPARATOR, end - separator - 1);
	}
	return separator;
}

/*
 * Is what the separator is followed by auditd's, so far as that can matter? Before
 * it stands no container, as nearly always: then it is enough that it is the only
 * one, and that the last word has a name in capitals. In a text that is of small
 * letters.
 */
static bool is_auditds(const char *text, const char *separator, const char *end, bool with_address)
{
	const char *field = memrchr(text, ' ', separator - text), *last;

	field = field ? field + 1 : text;
	if ((separator - field > 7 && !memcmp(field, "contid=", 7)) ||
	    (separator - field > 10 && !memcmp(field, "netcontid=", 10)))
		return is_tail(separator + 1, end, with_address);
	last = memrchr(separator + 1, ' ', end - separator - 1) ?: separator;
	if (last + 1 < end && last[1] >= 'A' && last[1] <= 'Z' &&
	    !memchr(separator + 1, RECORD_SEPARATOR, end - separator - 1))
		return true;
	return is_tail(separator + 1, end, with_address);
}

/*
 * Not all that the kernel prints is escaped: the name of an nft table or of a
 * network device may have the separator in it. If that could decide which
 * container a record is of, what follows it has to be auditd's beyond doubt.
 */
static const char *kernel_separator(struct record *record, const char *text, const char *end)
{
	const char *separator = memchr(text, RECORD_SEPARATOR, end - text);

	if (!separator || is_auditds(text, separator, end, record_is_auxiliary(record)) ||
	    !memmem(text, end - text, "contid=", 7))
		return separator;
	record->doubtful = true;
	return NULL;
}

/**
 * record_parse - take a line apart
 * @record: out
 * @line: "[node=NODE ]type=TYPE msg=audit(SECONDS.MILLI:SERIAL): TEXT"
 * @len: its length, without the newline; a carriage return before that is passed over
 *
 * Return: false if it is no record.
 */
bool record_parse(struct record *record, const char *line, size_t len)
{
	const char *at = line, *end = line + len;
	struct stamp *stamp = &record->stamp;
	const char *separator;
	uint64_t milli;

	if (len && end[-1] == '\r')
		end--;
	record->line = (struct slice){ line, end - line };
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
	record->doubtful = false;
	record->text = (struct slice){ at, end - at };
	record->tail = (struct slice){ end, 0 };
	separator = record_is_from_user(record) ? user_separator(at, end) :
						  kernel_separator(record, at, end);
	if (separator) {
		record->text.len = separator - at;
		record->tail = (struct slice){ separator + 1, end - separator - 1 };
	}
	return true;
}

/**
 * record_is_from_user - may its sender have chosen what it says?
 * @record: the record; the fields decide for a type that is not known here
 */
bool record_is_from_user(const struct record *record)
{
	const char *at = record->text.at;

	if (record->type >= 0)
		return record_place(record->type) == RECORD_FIRST;
	/* the kernel begins each user message with the sender's pid */
	if (!at)
		return false;
	return skip(&at, record->line.at + record->line.len, "pid=") ||
	       skip(&at, record->line.at + record->line.len, "contid=");
}

/** record_is_of_daemon - does auditd write it of itself? */
bool record_is_of_daemon(const struct record *record)
{
	return record->type >= AUDIT_FIRST_DAEMON && record->type <= AUDIT_LAST_DAEMON;
}

/** record_is_auxiliary - does it only accompany another record? */
bool record_is_auxiliary(const struct record *record)
{
	return record->type >= 0 && record->type != AUDIT_NETFILTER_PKT &&
	       record_place(record->type) == RECORD_NOWHERE;
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

/**
 * record_last_field - read the field that stands last
 * @record: the record
 * @name: the name that it has to have
 * @value: out: as it is written
 */
bool record_last_field(const struct record *record, const char *name, struct slice *value)
{
	const char *text = record->text.at, *end = text + record->text.len;
	const char *field = memrchr(text, ' ', end - text);
	size_t len = strlen(name);

	field = field ? field + 1 : text;
	if ((size_t)(end - field) <= len || memcmp(field, name, len) || field[len] != '=')
		return false;
	*value = (struct slice){ field + len + 1, end - field - len - 1 };
	return true;
}

/** hex_digit - its value; -1 if it is none */
int hex_digit(char c)
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
		int high = hex_digit(value.at[i]), low = hex_digit(value.at[i + 1]);
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

/* The last: before it stands what an LSM calls the subject, which may be of several words. */
static bool rule_key(const struct record *record, struct slice *value)
{
	const char *text = record->text.at, *end = text + record->text.len, *field;

	for (; end > text; end = field - 1) {
		field = memrchr(text, ' ', end - text);
		field = field ? field + 1 : text;
		if (end - field > 4 && !memcmp(field, "key=", 4)) {
			*value = (struct slice){ field + 4, end - field - 4 };
			return true;
		}
		if (field == text)
			break;
	}
	return false;
}

/**
 * record_has_key - was it made by a rule with this key, or is about one?
 * @record: the record
 * @key: the key
 */
bool record_has_key(const struct record *record, const char *key)
{
	struct slice value;

	if (record_is_from_user(record) || !rule_key(record, &value))
		return false;
	if (value.len >= 2 && value.at[0] == '"') {
		value.at++;
		value.len -= 2;
		return slice_is(value, key);
	}
	return hex_has_key(value, key);
}
