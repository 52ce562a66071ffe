/* SPDX-License-Identifier: GPL-2.0 */
/* One line of an audit log. */
#ifndef CONTIDCTL_RECORD_H
#define CONTIDCTL_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* auditd's ENRICHED format puts its own words behind this byte. */
#define RECORD_SEPARATOR '\035'

/**
 * struct slice - a part of a line
 * @at: its first byte, not NUL-terminated
 * @len: its length
 */
struct slice {
	const char *at;
	size_t len;
};

/**
 * struct stamp - what the records of one event have in common
 * @node: the machine's name if auditd writes it, else of length 0
 * @sec: seconds since 1970
 * @milli: milliseconds
 * @serial: the event's number
 */
struct stamp {
	struct slice node;
	uint64_t sec;
	unsigned int milli;
	uint64_t serial;
};

/**
 * struct record - a line taken apart
 * @line: all of it, without the newline
 * @type: the type's number, -1 if libaudit does not know its name
 * @type_name: the type's name
 * @stamp: its event
 * @text: behind the stamp, before what auditd adds
 * @tail: what auditd adds: the names of numbers in @text
 * @doubtful: a control byte that the kernel did not write stands in @text, which then
 *	is all of the line: the container of the record is unknown
 */
struct record {
	struct slice line;
	int type;
	struct slice type_name;
	struct stamp stamp;
	struct slice text;
	struct slice tail;
	bool doubtful;
};

bool record_parse(struct record *record, const char *line, size_t len);
bool record_is_from_user(const struct record *record);
bool record_is_auxiliary(const struct record *record);
bool record_field(const struct record *record, const char *name, struct slice *value);
bool record_last_field(const struct record *record, const char *name, struct slice *value);
bool record_is_of_daemon(const struct record *record);
bool record_has_key(const struct record *record, const char *key);

bool slice_is(struct slice slice, const char *text);
uint64_t slice_hash(struct slice slice);
int hex_digit(char c);

#endif
