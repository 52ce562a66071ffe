// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <string.h>

#include "array.h"
#include "label.h"
#include "wanted.h"

#define UUID (CONTID_TEXT - 1)

/**
 * wanted_parse - read which containers are asked for
 * @wanted: out
 * @text: an ID or its beginning, with dashes or without; of a runtime's 64
 *	digits the first 32 count
 *
 * Return: false if it is none.
 */
bool wanted_parse(struct wanted *wanted, const char *text)
{
	bool dashes = strchr(text, '-');
	size_t digits = 0;

	memset(wanted, 0, sizeof(*wanted));
	for (; *text; text++) {
		if (dashes && contid_dash_at(wanted->len)) {
			if (*text != '-')
				return false;
			wanted->prefix[wanted->len++] = '-';
			continue;
		}
		if (!isxdigit((unsigned char)*text) || ++digits > 64 || (dashes && digits > 32))
			return false;
		if (digits > 32)
			continue;
		if (contid_dash_at(wanted->len))
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

static bool net_matches(struct wanted *wanted, const struct record *record)
{
	struct slice list, label;

	if (!label_net(record, &list))
		return false;
	while (label_next(&list, &label)) {
		if (label_matches(wanted, label))
			return true;
	}
	return false;
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
	if (label_object(record, &label) && label_matches(wanted, label))
		return true;
	if (label_old_object(record, &label) && label_matches(wanted, label))
		return true;
	return net_matches(wanted, record);
}

/**
 * wanted_list_add - one more
 * @list: the others; to be freed by free() of its items
 * @text: an ID, or the beginning of one
 *
 * Return: false if it is none, or if there is no memory.
 */
bool wanted_list_add(struct wanted_list *list, const char *text)
{
	struct wanted *more = array_room(list->items, list->count, sizeof(*more));

	if (!more)
		return false;
	list->items = more;
	return wanted_parse(&list->items[list->count], text) && ++list->count;
}

/**
 * wanted_has_label - is this label of what is asked for?
 * @wanted: as for wanted_has()
 * @label: the label; one of length 0 is of nothing
 */
bool wanted_has_label(struct wanted *wanted, struct slice label)
{
	return label.len && label_matches(wanted, label);
}

/** wanted_is_whole - is one container asked for, and not all whose IDs begin so? */
bool wanted_is_whole(const struct wanted *wanted)
{
	return wanted->len == UUID;
}

static void collect(const struct wanted *wanted, struct slice label, struct candidates *to)
{
	const char *id = label.at, *end = label.at + label.len;

	for (; end - id >= UUID; id += UUID + 2) {
		if (!memcmp(id, wanted->prefix, wanted->len))
			candidates_add(to, id);
	}
}

/**
 * wanted_collect - which IDs in a record begin as is asked for?
 * @wanted: what is asked for
 * @record: the record
 * @to: gets them, each once
 */
void wanted_collect(const struct wanted *wanted, const struct record *record, struct candidates *to)
{
	struct slice label, list;

	if (label_net(record, &list)) {
		while (label_next(&list, &label))
			collect(wanted, label, to);
		return;
	}
	if (label_subject(record, &label))
		collect(wanted, label, to);
	if (label_object(record, &label))
		collect(wanted, label, to);
	if (label_old_object(record, &label))
		collect(wanted, label, to);
}

/**
 * candidates_add - one more, unless it is among them
 * @to: the others
 * @id: 36 characters
 */
void candidates_add(struct candidates *to, const char *id)
{
	for (size_t i = 0; i < to->count; i++) {
		if (!memcmp(to->ids[i], id, UUID))
			return;
	}
	if (to->count == CANDIDATES) {
		to->more = true;
		return;
	}
	memcpy(to->ids[to->count], id, UUID);
	to->ids[to->count++][UUID] = '\0';
}
