// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE /* memmem */
#include <ctype.h>
#include <string.h>

#include "words.h"

#define SENDER " msg='"

/**
 * words_end - where the kernel's own fields end, and a sender's begin
 * @record: the record
 */
const char *words_end(const struct record *record)
{
	const char *text = record->text.at, *end = text + record->text.len, *sender = NULL;

	if (record_is_from_user(record))
		sender = memmem(text, end - text, SENDER, strlen(SENDER));
	return sender ?: end;
}

static const char *word_end(const char *at, const char *end)
{
	return memchr(at, ' ', end - at) ?: end;
}

/*
 * Does a field begin here? The kernel writes contid= at one place alone: at the
 * others it is a part of a name that somebody chose.
 *
 * Return: its equals sign.
 */
static const char *field_equals(const struct record *record, const char *at, const char *blank,
				const char *end)
{
	const char *equals = memchr(at, '=', blank - at);

	if (!equals || equals == at)
		return NULL;
	if (equals - at != 6 || memcmp(at, "contid", 6))
		return equals;
	return (record_is_from_user(record) ? at == record->text.at : blank == end) ? equals : NULL;
}

/**
 * words_next - walk the fields that the kernel has written
 * @record: the record
 * @at: NULL to begin
 * @word: out: the next one
 *
 * Words before the first field are left out.
 *
 * Return: false at the end.
 */
bool words_next(const struct record *record, const char **at, struct word *word)
{
	const char *end = words_end(record), *here = *at ?: record->text.at, *blank, *equals;

	for (;; here = blank + 1) {
		if (here >= end)
			return false;
		blank = word_end(here, end);
		equals = field_equals(record, here, blank, end);
		if (equals)
			break;
	}
	word->name = (struct slice){ here, equals - here };
	word->value = (struct slice){ equals + 1, blank - equals - 1 };
	for (here = blank + 1; here < end; here = blank + 1) {
		blank = word_end(here, end);
		if (field_equals(record, here, blank, end))
			break;
		if (blank > here)
			word->value.len = blank - word->value.at;
	}
	*at = here;
	return true;
}

/**
 * words_last - find the last field of a name
 * @record: the record
 * @name: the name
 * @value: out
 *
 * For what the kernel writes behind a security context, which may have blanks, and be chosen.
 */
bool words_last(const struct record *record, const char *name, struct slice *value)
{
	const char *at = NULL;
	struct word word;
	bool found = false;

	while (words_next(record, &at, &word)) {
		if (slice_is(word.name, name)) {
			*value = word.value;
			found = true;
		}
	}
	return found;
}

/**
 * names_next - what auditd says that the number in a field means
 * @tail: what it has added, from where the last call has left it
 * @field: the field's name; to be asked for each field of the record in its order
 * @name: out: as it is written
 *
 * Return: false if it does not say.
 */
bool names_next(struct slice *tail, const char *field, struct slice *name)
{
	const char *at = tail->at, *blank;
	size_t len = strlen(field);

	if (tail->len <= len || at[len] != '=')
		return false;
	for (size_t i = 0; i < len; i++) {
		if (toupper((unsigned char)field[i]) != at[i])
			return false;
	}
	blank = word_end(at + len, at + tail->len);
	*name = (struct slice){ at + len + 1, blank - at - len - 1 };
	blank += blank < at + tail->len;
	tail->len -= blank - at;
	tail->at = blank;
	return true;
}

/**
 * word_decode - the text that a value stands for
 * @value: in quotes, or in hexadecimal digits if there is something strange in it
 * @text: out
 * @size: of @text
 *
 * Return: false if it is neither, or has no room.
 */
bool word_decode(struct slice value, char *text, size_t size)
{
	size_t len = value.len / 2;

	if (value.len >= 2 && value.at[0] == '"' && value.at[value.len - 1] == '"') {
		len = value.len - 2;
		if (len >= size)
			return false;
		memcpy(text, value.at + 1, len);
		text[len] = '\0';
		return true;
	}
	if (value.len % 2 || len >= size)
		return false;
	for (size_t i = 0; i < len; i++) {
		int high = hex_digit(value.at[2 * i]), low = hex_digit(value.at[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		text[i] = high << 4 | low;
	}
	text[len] = '\0';
	return true;
}
