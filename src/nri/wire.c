// SPDX-License-Identifier: GPL-2.0
/*
 * Twelve fields of the hundreds that a runtime sends are needed: these are read where they
 * lie, and nothing is allocated for the others.
 */
#include <stdlib.h>
#include <string.h>

#include "wire.h"

enum { VARINT, FIXED64, LENGTH, FIXED32 = 5 };

#define VARINT_MAX 10 /* bytes */
#define FIELD_MAX  ((1 << 29) - 1)

static bool take_number(struct bytes *from, uint64_t *number)
{
	*number = 0;
	for (int i = 0; i < VARINT_MAX && from->length; i++) {
		uint8_t byte = *from->at++;

		from->length--;
		/* of the last one a single bit is left */
		if (i == VARINT_MAX - 1 && byte > 1)
			return false;
		*number |= (uint64_t)(byte & 0x7f) << (7 * i);
		if (!(byte & 0x80))
			return true;
	}
	return false;
}

static bool take_bytes(struct bytes *from, uint64_t length, struct bytes *bytes)
{
	if (length > from->length)
		return false;
	*bytes = (struct bytes){ from->at, length };
	from->at += length;
	from->length -= length;
	return true;
}

/**
 * wire_next - read the next field
 * @message: what is left of the message; all of what cannot be read
 * @field: out
 *
 * Return: false at its end, or if it is broken; wire_is_whole() says which.
 */
bool wire_next(struct bytes *message, struct field *field)
{
	struct bytes left = *message, fixed;
	uint64_t key, length;
	bool ok;

	*field = (struct field){};
	if (!left.length)
		return false;
	ok = take_number(&left, &key);
	field->number = key >> 3;
	ok = ok && field->number && field->number <= FIELD_MAX;
	switch (key & 7) {
	case VARINT:
		ok = ok && take_number(&left, &field->value);
		break;
	case LENGTH:
		ok = ok && take_number(&left, &length) && take_bytes(&left, length, &field->bytes);
		break;
	case FIXED64:
		ok = ok && take_bytes(&left, 8, &fixed);
		break;
	case FIXED32:
		ok = ok && take_bytes(&left, 4, &fixed);
		break;
	default:
		ok = false;
	}
	if (ok)
		*message = left;
	return ok;
}

/** wire_is_whole - was it read to its end? */
bool wire_is_whole(const struct bytes *message)
{
	return !message->length;
}

/** bytes_are - are they this text? */
bool bytes_are(struct bytes bytes, const char *text)
{
	return bytes.length == strlen(text) && !memcmp(bytes.at, text, bytes.length);
}

/**
 * bytes_text - copy a text
 * @bytes: it
 *
 * Return: to be freed; "" if a NUL would cut it short, or there is no memory: may be NULL.
 */
char *bytes_text(struct bytes bytes)
{
	if (bytes.length && memchr(bytes.at, '\0', bytes.length))
		return strdup("");
	return strndup(bytes.length ? (const char *)bytes.at : "", bytes.length);
}

/** buffer_add - add bytes to a message */
void buffer_add(struct buffer *to, const void *at, size_t length)
{
	if (to->length + length > to->size) {
		to->size = 2 * (to->length + length);
		to->at = realloc(to->at, to->size);
		if (!to->at)
			abort();
	}
	if (length)
		memcpy(to->at + to->length, at, length);
	to->length += length;
}

static void put_varint(struct buffer *to, uint64_t value)
{
	uint8_t byte;

	do {
		byte = (value & 0x7f) | (value > 0x7f ? 0x80 : 0);
		buffer_add(to, &byte, 1);
		value >>= 7;
	} while (value);
}

/** wire_put_number - add a field that is a number */
void wire_put_number(struct buffer *to, unsigned int number, uint64_t value)
{
	put_varint(to, number << 3 | VARINT);
	put_varint(to, value);
}

/** wire_put_bytes - add a field that is a text or a message */
void wire_put_bytes(struct buffer *to, unsigned int number, const void *at, size_t length)
{
	put_varint(to, number << 3 | LENGTH);
	put_varint(to, length);
	buffer_add(to, at, length);
}
