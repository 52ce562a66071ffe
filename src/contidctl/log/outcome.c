// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE /* memmem */
#include <string.h>

#include "outcome.h"
#include "words.h"

/* As a daemon says it of itself, in what it has sent. */
static enum outcome sent_outcome(const struct record *record)
{
	static const struct {
		const char *text;
		enum outcome outcome;
	} words[] = {
		{ " res=failed", OUTCOME_FAILURE },  { "'res=failed", OUTCOME_FAILURE },
		{ " res=0", OUTCOME_FAILURE },	     { "'res=0", OUTCOME_FAILURE },
		{ " res=success", OUTCOME_SUCCESS }, { "'res=success", OUTCOME_SUCCESS },
		{ " res=1", OUTCOME_SUCCESS },	     { "'res=1", OUTCOME_SUCCESS },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (memmem(record->text.at, record->text.len, words[i].text, strlen(words[i].text)))
			return words[i].outcome;
	}
	return OUTCOME_NONE;
}

/**
 * record_outcome - read how it ended
 * @record: the record
 */
enum outcome record_outcome(const struct record *record)
{
	struct slice value;

	if (record_is_from_user(record))
		return sent_outcome(record);
	if (record_field(record, "success", &value)) {
		if (slice_is(value, "no"))
			return OUTCOME_FAILURE;
		if (slice_is(value, "yes"))
			return OUTCOME_SUCCESS;
	}
	if (!words_last(record, "res", &value))
		return OUTCOME_NONE;
	if (slice_is(value, "0"))
		return OUTCOME_FAILURE;
	return slice_is(value, "1") ? OUTCOME_SUCCESS : OUTCOME_NONE;
}

/**
 * event_outcome - read how it ended
 * @event: the event: one record that tells of a failure makes it one
 */
enum outcome event_outcome(const struct event *event)
{
	enum outcome outcome = OUTCOME_NONE, next;
	struct record record;
	size_t at = 0;

	while (event_next(event, &at, &record)) {
		next = record_outcome(&record);
		if (next > outcome)
			outcome = next;
	}
	return outcome;
}
