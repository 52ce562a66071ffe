/* SPDX-License-Identifier: GPL-2.0 */
/* Which of a container's events are asked for. */
#ifndef CONTIDCTL_FILTER_H
#define CONTIDCTL_FILTER_H

#include "assembly.h"
#include "outcome.h"

#define FILTER_WORDS 64 /* of each kind */

/* what a word can be; words of one kind are alternatives */
enum filter_kind {
	FILTER_TYPE,
	FILTER_KEY,
	FILTER_EXE,
	FILTER_PID,
	FILTER_USER,
	FILTER_SYSCALL,
	FILTER_KINDS
};

/**
 * struct filter - what is asked for
 * @words: of each kind, as they were typed
 * @numbers: what they mean, for the kinds that are numbers
 * @counts: how many of each kind
 * @outcome: OUTCOME_NONE if any
 */
struct filter {
	const char *words[FILTER_KINDS][FILTER_WORDS];
	long long numbers[FILTER_KINDS][FILTER_WORDS];
	size_t counts[FILTER_KINDS];
	enum outcome outcome;
};

const char *filter_add(struct filter *filter, enum filter_kind kind, const char *word);
bool filter_outcome_parse(struct filter *filter, const char *word);
bool filter_excludes(const struct filter *filter, const struct event *event);
bool filter_takes(const struct filter *filter, const struct event *event);

#endif
