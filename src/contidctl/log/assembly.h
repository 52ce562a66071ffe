/* SPDX-License-Identifier: GPL-2.0 */
/* Records, as they lie in a log, put together into whole events. */
#ifndef CONTIDCTL_ASSEMBLY_H
#define CONTIDCTL_ASSEMBLY_H

#include "record.h"

/**
 * struct kept_record - a record of an event, as record_parse() has taken it apart
 * @line: where its line begins in the event's text
 * @line_len: its length, without the newline
 * @type_name: where its type's name begins in the line
 * @type_name_len: its length
 * @text: where its text begins in the line
 * @text_len: its length
 * @type: the type's number
 * @doubtful: see struct record
 */
struct kept_record {
	uint32_t line, line_len;
	uint32_t type_name, type_name_len;
	uint32_t text, text_len;
	int type;
	bool doubtful;
};

/**
 * struct event - the records of one event
 * @text: its lines as they are in the log, each with a newline
 * @len: their length
 * @late: its other records were handed out before
 * @stamp: theirs; the node lies in @text
 * @records: they
 * @count: how many
 */
struct event {
	const char *text;
	size_t len;
	bool late;
	struct stamp stamp;
	const struct kept_record *records;
	size_t count;
};

/**
 * struct assembly_user - what comes of the events
 * @wants: is the event wanted for this record of it?
 * @take: gets each wanted event, in the order of their first records
 * @data: for both
 */
struct assembly_user {
	bool (*wants)(void *data, const struct record *record);
	void (*take)(void *data, const struct event *event);
	void *data;
};

struct assembly;

struct assembly *assembly_new(const struct assembly_user *user);
bool assembly_add(struct assembly *assembly, const struct record *record);
void assembly_flush(struct assembly *assembly);
void assembly_free(struct assembly *assembly);

void record_keep(struct kept_record *kept, const struct record *record, size_t line);
bool event_next(const struct event *event, size_t *at, struct record *record);
bool event_main(const struct event *event, struct record *record);

#endif
