/* SPDX-License-Identifier: GPL-2.0 */
/* What a log says of containers and of the module beside what is counted. */
#ifndef CONTIDCTL_CHRONICLE_H
#define CONTIDCTL_CHRONICLE_H

#include "contid.h"
#include "operation.h"

/**
 * struct told - of a container
 * @before: that had the same ID
 * @began: when it was registered, 0 if the log does not say
 * @node: the machine that it is of, as a hash
 * @contid: its ID
 * @entries: processes that entered it
 */
struct told {
	struct told *before;
	uint64_t began, node;
	char contid[CONTID_TEXT];
	uint64_t entries;
};

/**
 * struct span - a time in which nothing was labelled
 * @from: milliseconds since 1970; 0 if the log does not say
 * @to: likewise, if it has not ended
 * @node: on which machine, as a hash
 * @machine: its name, empty if the log has none
 * @why: in a few words
 */
struct span {
	uint64_t from, to, node;
	char *machine;
	const char *why;
};

/**
 * struct nameless - a PID namespace that began without an ID
 * @when: milliseconds since 1970
 * @pid: its process 1, as a process ID of the host
 * @exe: the first program of it; of the process that made it
 * @machine: its name, empty if the log has none
 */
struct nameless {
	uint64_t when;
	char *pid, *exe, *machine;
};

/**
 * struct chronicle - all of it
 * @told: for tsearch(3): the latest of each ID
 * @spans: in their order
 * @span_count: how many
 * @nameless: in their order
 * @nameless_count: how many
 * @parser: takes operations apart
 * @failed: no memory
 */
struct chronicle {
	void *told;
	struct span *spans;
	size_t span_count;
	struct nameless *nameless;
	size_t nameless_count;
	struct parser *parser;
	bool failed;
};

bool chronicle_begin(struct chronicle *chronicle);
bool chronicle_wants(const struct record *record);
void chronicle_add(struct chronicle *chronicle, const struct event *event);
const struct told *chronicle_find(const struct chronicle *chronicle, struct slice node,
				  const char *contid, uint64_t began);
void chronicle_free(struct chronicle *chronicle);

#endif
