// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE /* mempcpy */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "printable.h"

/*
 * Length of the character at @text in UTF-8; 0 where it is none, is not whole, or
 * controls a terminal.
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
	return len;
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

/**
 * is_printable - is there nothing in it that printable() would escape?
 * @text: any bytes
 * @len: how many
 */
bool is_printable(const char *text, size_t len)
{
	const unsigned char *at = (const unsigned char *)text;
	size_t next;

	for (; len; at += next, len -= next) {
		next = character(at, len);
		if (!next)
			return false;
	}
	return true;
}
