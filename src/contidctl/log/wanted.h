/* SPDX-License-Identifier: GPL-2.0 */
/* The containers that are asked for. */
#ifndef CONTIDCTL_WANTED_H
#define CONTIDCTL_WANTED_H

#include "contid.h"
#include "record.h"

#define CANDIDATES 16 /* so many are listed */

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

/**
 * struct wanted_list - several of these
 * @items: each of one container, or of all whose IDs begin so
 * @count: how many
 */
struct wanted_list {
	struct wanted *items;
	size_t count;
};

/**
 * struct candidates - containers of which one may be meant
 * @ids: their IDs, each once
 * @count: how many
 * @more: there are others
 */
struct candidates {
	char ids[CANDIDATES][CONTID_TEXT];
	size_t count;
	bool more;
};

bool wanted_parse(struct wanted *wanted, const char *text);
bool wanted_is_whole(const struct wanted *wanted);
bool wanted_has(struct wanted *wanted, const struct record *record);
bool wanted_has_label(struct wanted *wanted, struct slice label);
void wanted_collect(const struct wanted *wanted, const struct record *record,
		    struct candidates *to);

bool wanted_list_add(struct wanted_list *list, const char *text);

void candidates_add(struct candidates *to, const char *id);

#endif
