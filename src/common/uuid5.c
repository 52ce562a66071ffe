// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <uuid/uuid.h>

#include "contid.h"
#include "uuid5.h"

/* 6f1f4d5c-5a0b-4c59-9d0e-0d6f3a1b7c21, of this project alone */
static const uuid_t name_space = { 0x6f, 0x1f, 0x4d, 0x5c, 0x5a, 0x0b, 0x4c, 0x59,
				   0x9d, 0x0e, 0x0d, 0x6f, 0x3a, 0x1b, 0x7c, 0x21 };

static int contid_of_text(struct audit_contid *out, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static int contid_of_text(struct audit_contid *out, const char *format, ...)
{
	va_list args;
	char *text;
	int length;

	va_start(args, format);
	length = vasprintf(&text, format, args);
	va_end(args);
	if (length < 0)
		return -1;
	uuid_generate_sha1(out->b, name_space, text, length);
	free(text);
	return 0;
}

/**
 * contid_of_container - the ID of a container, by what its runtime calls it
 * @runtime: the runtime; it has no colon, which stands between the two
 * @id: the runtime's ID or name of the container
 * @out: the same each time
 *
 * This is the one rule, for all who have such an ID: what contid_parse()
 * understands (64 digits, 32 digits, a UUID) is taken as it is. Of anything else,
 * which is a name, a UUID (version 5) is made.
 *
 * Return: 0, or -1 if there is no memory.
 */
int contid_of_container(const char *runtime, const char *id, struct audit_contid *out)
{
	if (!contid_parse(id, out))
		return 0;
	return contid_of_text(out, "%s:%s", runtime, id);
}

/**
 * contid_of_owned - the ID of a container whose name is not root's choice
 * @owner: the user's number, or the ID of the container that has named it
 * @runtime: the runtime whose form the name has
 * @id: what the container is called
 * @out: the same each time
 *
 * No runtime of root's is called "", so no container of root's has the same text
 * and the same ID, whatever @owner has chosen for @id.
 *
 * Return: 0, or -1 if there is no memory.
 */
int contid_of_owned(const char *owner, const char *runtime, const char *id,
		    struct audit_contid *out)
{
	return contid_of_text(out, ":%s:%s:%s", owner, runtime, id);
}
