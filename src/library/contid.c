// SPDX-License-Identifier: GPL-2.0
#include <audit-contid.h>
#include <stdio.h>
#include <string.h>
#include <uuid/uuid.h>

#define DIGITS	       32
#define RUNTIME_DIGITS 64

_Static_assert(sizeof(uuid_t) == sizeof(((struct audit_contid *)0)->b), "an ID is a UUID");

static bool all_are(const struct audit_contid *id, unsigned char value)
{
	for (size_t i = 0; i < sizeof(id->b); i++) {
		if (id->b[i] != value)
			return false;
	}
	return true;
}

/* libuuid reads the form with dashes: put them into one without. */
static bool add_dashes(const char *digits, char uuid[CONTID_TEXT])
{
	if (digits[strspn(digits, "0123456789abcdefABCDEF")])
		return false;
	snprintf(uuid, CONTID_TEXT, "%.8s-%.4s-%.4s-%.4s-%.12s", digits, digits + 8, digits + 12,
		 digits + 16, digits + 20);
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
	char uuid[CONTID_TEXT];

	if (length == CONTID_TEXT - 1)
		strcpy(uuid, text);
	else if ((length != DIGITS && length != RUNTIME_DIGITS) || !add_dashes(text, uuid))
		return form;
	if (uuid_parse(uuid, id->b))
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
	uuid_unparse_lower(id->b, text);
}

/**
 * contid_random - make a random UUID (version 4)
 * @id: out
 */
void contid_random(struct audit_contid *id)
{
	uuid_generate_random(id->b);
}
