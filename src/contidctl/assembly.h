/* SPDX-License-Identifier: GPL-2.0 */
/* Records, as they lie in a log, put together into whole events. */
#ifndef CONTIDCTL_ASSEMBLY_H
#define CONTIDCTL_ASSEMBLY_H

#include "record.h"

/**
 * struct event - the records of one event
 * @text: its lines as they are in the log, each with a newline
 * @len: their length
 * @late: its other records were handed out before
 */
struct event {
	const char *text;
	size_t len;
	bool late;
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

bool event_next(const struct event *event, size_t *at, struct record *record);
bool event_main(const struct event *event, struct record *record);

#endif
