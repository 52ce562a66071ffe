// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "contid.h"

#define DIGITS	       32
#define RUNTIME_DIGITS 64

static bool dash_before_byte(size_t i)
{
	return i == 4 || i == 6 || i == 8 || i == 10;
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

static bool all_are(const struct audit_contid *id, unsigned char value)
{
	for (size_t i = 0; i < sizeof(id->b); i++) {
		if (id->b[i] != value)
			return false;
	}
	return true;
}

/**
 * contid_parse - read a UUID, 32 digits, or a runtime's 64 digits
 * @text: in upper or lower case
 * @id: out
 *
 * Of 64 digits the first 32 count.
 *
 * Return: NULL, or what is wrong with @text.
 */
const char *contid_parse(const char *text, struct audit_contid *id)
{
	static const char form[] = "is not a UUID, 32 hexadecimal digits, or the 64 digits of a "
				   "container runtime";
	size_t length = strlen(text);
	bool dashes = length == CONTID_TEXT - 1;

	if (!dashes && length != DIGITS && length != RUNTIME_DIGITS)
		return form;
	if (strspn(text, "0123456789abcdefABCDEF-") != length)
		return form;
	for (size_t i = 0; i < sizeof(id->b); i++) {
		int high, low;

		if (dashes && dash_before_byte(i) && *text++ != '-')
			return form;
		high = hex_value(*text++);
		low = hex_value(*text++);
		if (high < 0 || low < 0)
			return form;
		id->b[i] = high << 4 | low;
	}
	if (strchr(text, '-'))
		return form;
	if (all_are(id, 0x00))
		return "is reserved: all zeros are not a container ID";
	if (all_are(id, 0xff))
		return "is reserved: all ones are not a container ID";
	return NULL;
}

/**
 * contid_format - write it as audit records have it
 * @id: the ID
 * @text: out: a UUID in lower case
 */
void contid_format(const struct audit_contid *id, char text[CONTID_TEXT])
{
	for (size_t i = 0; i < sizeof(id->b); i++)
		text += sprintf(text, "%s%02x", dash_before_byte(i) ? "-" : "", id->b[i]);
}

/**
 * contid_random - make a random UUID (version 4)
 * @id: out
 */
bool contid_random(struct audit_contid *id)
{
	if (getrandom(id, sizeof(*id), 0) != sizeof(*id))
		return false;
	id->b[6] = (id->b[6] & 0x0f) | 0x40;
	id->b[8] = (id->b[8] & 0x3f) | 0x80;
	return true;
}
