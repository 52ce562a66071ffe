/* SPDX-License-Identifier: GPL-2.0 */
/* A record's text as words, and the names that auditd has added. */
#ifndef CONTIDCTL_WORDS_H
#define CONTIDCTL_WORDS_H

#include "record.h"

/**
 * struct word - a field as the text has it
 * @name: before the equals sign
 * @value: behind it, up to the next field: the kernel does not quote all blanks
 */
struct word {
	struct slice name;
	struct slice value;
};

bool words_next(const struct record *record, const char **at, struct word *word);
const char *words_end(const struct record *record);
bool word_decode(struct slice value, char *text, size_t size);
bool words_last(const struct record *record, const char *name, struct slice *value);
bool names_next(struct slice *tail, const char *field, struct slice *name);

#endif
