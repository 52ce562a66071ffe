/* SPDX-License-Identifier: GPL-2.0 */
/* What the value of a field means, for a human. */
#ifndef CONTIDCTL_INTERPRETATION_H
#define CONTIDCTL_INTERPRETATION_H

#include <auparse.h>
#include <string.h>

#include "assembly.h"

/**
 * struct text - a string that belongs to another, or was made
 * @at: its first byte
 * @len: its length
 * @own: the same as @at if it was made; to be freed
 * @safe: it is known to be printable
 */
struct text {
	const char *at;
	size_t len;
	char *own;
	bool safe;
};

/** text_is - compare with a literal, which the compiler knows the length of */
static inline bool text_is(const struct text *text, const char *literal)
{
	return text->len == strlen(literal) && !memcmp(text->at, literal, strlen(literal));
}

struct interpreter;

struct text text_borrowed(const char *at);
struct text text_owned(char *made);

struct interpreter *interpreter_new(bool local_names);
void interpreter_begin(struct interpreter *interpreter, auparse_state_t *au,
		       const struct event *event);
struct text interpret(struct interpreter *interpreter, int type, const struct text *name,
		      const struct text *raw, const struct slice *user);
bool is_user_number(auparse_state_t *au, const char *field);
void interpreter_free(struct interpreter *interpreter);

#endif
