/* SPDX-License-Identifier: GPL-2.0 */
/* Which container a person means. */
#ifndef CONTIDCTL_WHOM_H
#define CONTIDCTL_WHOM_H

#include "logs.h"
#include "names.h"

/**
 * struct whom - the containers that are meant
 * @logs: where their IDs and names are looked for; NULL if they cannot be read twice
 * @names: what containers were called
 * @since: the time that is searched, in milliseconds since 1970: who had a name then
 * @until: likewise
 * @node: the machine whose records are read alone; NULL if it is each
 * @scanned: out: @names knows all that the logs say
 * @list: out: they
 */
struct whom {
	struct logs *logs;
	struct names *names;
	uint64_t since, until;
	const char *node;
	bool scanned;
	struct wanted_list list;
};

bool whom_open(struct whom *whom, struct logs *logs, uint64_t since, uint64_t until);
bool whom_find_all(struct whom *whom, char **words);
bool whom_find(struct whom *whom, const char *text);
bool whom_wants(struct whom *whom, const struct record *record);
bool whom_has_label(struct whom *whom, struct slice label);

#endif
