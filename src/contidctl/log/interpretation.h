/* SPDX-License-Identifier: GPL-2.0 */
/* What the value of a field means, for a human. */
#ifndef CONTIDCTL_INTERPRETATION_H
#define CONTIDCTL_INTERPRETATION_H

#include <auparse.h>

#include "record.h"

/**
 * struct text - a string that belongs to another, or was made
 * @at: its first byte
 * @own: the same if it was made; to be freed
 */
struct text {
	const char *at;
	char *own;
};

struct text text_borrowed(const char *at);
struct text text_owned(char *made);
struct text interpret(auparse_state_t *au, bool local_names, const char *field, const char *raw,
		      bool named, struct slice name);
bool is_user_number(auparse_state_t *au, const char *field);

#endif
