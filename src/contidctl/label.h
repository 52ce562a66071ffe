/* SPDX-License-Identifier: GPL-2.0 */
/* Which container a record is of: the reader's rule, and what is asked for. */
#ifndef CONTIDCTL_LABEL_H
#define CONTIDCTL_LABEL_H

#include "contid.h"
#include "record.h"

/* Nested containers whose records may not have room for what encloses them */
#define WANTED_NESTED 64

/**
 * struct wanted - the containers that are asked for
 * @prefix: the beginning of their IDs, as records have them
 * @len: its length
 * @nested: IDs of containers that were seen nested in them
 * @count: how many were put in there, the older ones overwritten
 */
struct wanted {
	char prefix[CONTID_TEXT];
	size_t len;
	char nested[WANTED_NESTED][CONTID_TEXT];
	size_t count;
};

bool label_subject(const struct record *record, struct slice *label);
bool label_object(const struct record *record, struct slice *label);
bool label_old_object(const struct record *record, struct slice *label);

bool wanted_parse(struct wanted *wanted, const char *text);
bool wanted_has(struct wanted *wanted, const struct record *record);

#endif
