// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE /* mempcpy */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "printable.h"

#define EACH_BYTE (UINT64_MAX / 0xff) /* 1 in each of eight */

/*
 * Characters that show nothing, or turn around what follows: a name with one looks
 * like another's.
 */
static const struct {
	unsigned long first, last;
} invisible[] = {
	{ 0x00ad, 0x00ad },   { 0x034f, 0x034f }, { 0x061c, 0x061c },	{ 0x115f, 0x1160 },
	{ 0x17b4, 0x17b5 },   { 0x180b, 0x180f }, { 0x200b, 0x200f },	{ 0x2028, 0x202e },
	{ 0x2060, 0x206f },   { 0x3164, 0x3164 }, { 0xfe00, 0xfe0f },	{ 0xfeff, 0xfeff },
	{ 0xffa0, 0xffa0 },   { 0xfff0, 0xfffb }, { 0x1bca0, 0x1bca3 }, { 0x1d173, 0x1d17a },
	{ 0xe0000, 0xe0fff },
};

static bool is_invisible(const unsigned char *text, size_t len)
{
	unsigned long c = text[0] & (0xff >> (len + 1));

	for (size_t i = 1; i < len; i++)
		c = c << 6 | (text[i] & 0x3f);
	for (size_t i = 0; i < sizeof(invisible) / sizeof(*invisible); i++) {
		if (c >= invisible[i].first && c <= invisible[i].last)
			return true;
	}
	return false;
}

/*
 * Length of the character at @text in UTF-8; 0 if it is none, is not whole, controls
 * a terminal, or changes what people see of the text around it.
 */
static size_t character(const unsigned char *text, size_t room)
{
	size_t len = text[0] < 0x80 ? 1 : text[0] < 0xe0 ? 2 : text[0] < 0xf0 ? 3 : 4;

	if (text[0] < ' ' || text[0] == 0x7f || (text[0] >= 0x80 && text[0] < 0xc2) ||
	    text[0] > 0xf4 || len > room)
		return 0;
	for (size_t i = 1; i < len; i++) {
		if ((text[i] & 0xc0) != 0x80)
			return 0;
	}
	if ((text[0] == 0xc2 && text[1] < 0xa0) || (text[0] == 0xe0 && text[1] < 0xa0) ||
	    (text[0] == 0xed && text[1] > 0x9f) || (text[0] == 0xf0 && text[1] < 0x90) ||
	    (text[0] == 0xf4 && text[1] > 0x8f))
		return 0;
	return len > 1 && is_invisible(text, len) ? 0 : len;
}

/**
 * printable - escape what is no character, or what a terminal might obey
 * @text: any bytes
 *
 * Return: allocated; NULL without memory.
 */
char *printable(const char *text)
{
	const unsigned char *from = (const unsigned char *)text;
	size_t left = strlen(text), len;
	char *out = malloc(4 * left + 1), *to = out;

	if (!out)
		return NULL;
	for (; left; left -= len, from += len) {
		len = character(from, left);
		if (len)
			to = mempcpy(to, from, len);
		else
			to += sprintf(to, "\\%03o", *from);
		len = len ?: 1;
	}
	*to = '\0';
	return out;
}

/* Is each of eight bytes from ' ' to '~'? One that is not sets its highest bit here. */
static bool are_ascii(const char *text)
{
	uint64_t bytes;

	memcpy(&bytes, text, sizeof(bytes));
	return !((bytes | (bytes + EACH_BYTE) | (bytes - ' ' * EACH_BYTE)) & 0x80 * EACH_BYTE);
}

/**
 * is_printable - is there nothing in it that printable() would escape?
 * @text: any bytes
 * @len: how many
 */
bool is_printable(const char *text, size_t len)
{
	size_t next;

	for (; len; text += next, len -= next) {
		if (len >= 8 && are_ascii(text))
			next = 8;
		else if (*text >= ' ' && *text <= '~')
			next = 1;
		else
			next = character((const unsigned char *)text, len);
		if (!next)
			return false;
	}
	return true;
}
