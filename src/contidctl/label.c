// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE /* memrchr */
#include <ctype.h>
#include <libaudit.h>
#include <string.h>

#include "label.h"

#define UUID	(CONTID_TEXT - 1)
#define SUBJECT "contid="

static bool is_dash(size_t i)
{
	return i == 8 || i == 13 || i == 18 || i == 23;
}

static bool is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

static bool is_uuid(const char *at, size_t len)
{
	if (len < UUID)
		return false;
	for (size_t i = 0; i < UUID; i++) {
		if (is_dash(i) ? at[i] != '-' : !is_hex(at[i]))
			return false;
	}
	return true;
}

/* ID[,^ID]...[,^?]: one that was cut is none. */
static bool is_label(struct slice label)
{
	while (is_uuid(label.at, label.len)) {
		label.at += UUID;
		label.len -= UUID;
		if (!label.len || slice_is(label, ",^?"))
			return true;
		if (label.len < 2 || memcmp(label.at, ",^", 2))
			return false;
		label.at += 2;
		label.len -= 2;
	}
	return false;
}

/**
 * label_subject - the container of who did it
 * @record: the record
 * @label: out: nearest first, as it is written
 *
 * In user messages the first field, in all others the last: what stands
 * between may have been chosen by the sender.
 */
bool label_subject(const struct record *record, struct slice *label)
{
	const char *text = record->text.at, *end = text + record->text.len, *field;

	if (record_is_auxiliary(record) || end == text)
		return false;
	if (record_is_from_user(record)) {
		field = text;
		end = memchr(text, ' ', end - text) ?: end;
	} else {
		field = memrchr(text, ' ', end - text);
		field = field ? field + 1 : text;
	}
	if ((size_t)(end - field) < strlen(SUBJECT) || memcmp(field, SUBJECT, strlen(SUBJECT)))
		return false;
	label->at = field + strlen(SUBJECT);
	label->len = end - label->at;
	return is_label(*label);
}

/* Others write no such field, and a user message can not have these types. */
static bool has_object(const struct record *record)
{
	return record->type == AUDIT_KERNEL_OTHER || record->type == AUDIT_OBJ_PID;
}

/**
 * label_object - the container that was acted upon
 * @record: the record
 * @label: out
 */
bool label_object(const struct record *record, struct slice *label)
{
	return has_object(record) && record_field(record, "ocontid", label) && is_label(*label);
}

/**
 * label_old_object - what the target of an operation carried before
 * @record: the record
 * @label: out
 */
bool label_old_object(const struct record *record, struct slice *label)
{
	return has_object(record) && record_field(record, "old-ocontid", label) && is_label(*label);
}

/**
 * wanted_parse - read which containers are asked for
 * @wanted: out
 * @text: an ID or its beginning, with dashes or without; of a runtime's 64
 *	digits the first 32 count
 *
 * Return: false where it is none.
 */
bool wanted_parse(struct wanted *wanted, const char *text)
{
	bool dashes = strchr(text, '-');
	size_t digits = 0;

	memset(wanted, 0, sizeof(*wanted));
	for (; *text; text++) {
		if (dashes && is_dash(wanted->len)) {
			if (*text != '-')
				return false;
			wanted->prefix[wanted->len++] = '-';
			continue;
		}
		if (!isxdigit((unsigned char)*text) || ++digits > 64 || (dashes && digits > 32))
			return false;
		if (digits > 32)
			continue;
		if (is_dash(wanted->len))
			wanted->prefix[wanted->len++] = '-';
		wanted->prefix[wanted->len++] = tolower((unsigned char)*text);
	}
	return digits;
}

static bool is_nested(const struct wanted *wanted, const char *id)
{
	size_t count = wanted->count < WANTED_NESTED ? wanted->count : WANTED_NESTED;

	for (size_t i = 0; i < count; i++) {
		if (!memcmp(wanted->nested[i], id, UUID))
			return true;
	}
	return false;
}

static void remember(struct wanted *wanted, const char *id)
{
	if (!is_nested(wanted, id))
		memcpy(wanted->nested[wanted->count++ % WANTED_NESTED], id, UUID);
}

/* The container itself, or one that is nested in it. */
static bool label_matches(struct wanted *wanted, struct slice label)
{
	const char *id = label.at, *end = label.at + label.len;

	for (; end - id >= UUID; id += UUID + 2) {
		if (!memcmp(id, wanted->prefix, wanted->len)) {
			if (id != label.at)
				remember(wanted, label.at);
			return true;
		}
	}
	/* "ID,^?": the rest of the label had no room in the record */
	return end[-1] == '?' && is_nested(wanted, label.at);
}

/**
 * wanted_has - is this record of what is asked for, as subject or object?
 * @wanted: what is asked for; learns what is nested in it
 * @record: the record
 */
bool wanted_has(struct wanted *wanted, const struct record *record)
{
	struct slice label;

	if (label_subject(record, &label) && label_matches(wanted, label))
		return true;
	if (!has_object(record))
		return false;
	if (label_object(record, &label) && label_matches(wanted, label))
		return true;
	return label_old_object(record, &label) && label_matches(wanted, label);
}
