// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <uuid/uuid.h>

#include "uuid5.h"

/* 6f1f4d5c-5a0b-4c59-9d0e-0d6f3a1b7c21, of this project alone */
static const uuid_t name_space = { 0x6f, 0x1f, 0x4d, 0x5c, 0x5a, 0x0b, 0x4c, 0x59,
				   0x9d, 0x0e, 0x0d, 0x6f, 0x3a, 0x1b, 0x7c, 0x21 };

/**
 * contid_of_name - the same ID for the same name each time (a UUID version 5)
 * @runtime: who gave the name; without a colon, which stands between the two
 * @name: the container
 * @out: the ID
 *
 * Return: 0, or -1 where there is no memory.
 */
int contid_of_name(const char *runtime, const char *name, struct audit_contid *out)
{
	char *whole;
	int length = asprintf(&whole, "%s:%s", runtime, name);

	if (length < 0)
		return -1;
	uuid_generate_sha1(out->b, name_space, whole, length);
	free(whole);
	return 0;
}
