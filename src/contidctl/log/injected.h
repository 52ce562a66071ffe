/* SPDX-License-Identifier: GPL-2.0 */
/* Lines that a socket's address has put into a log. */
#ifndef CONTIDCTL_INJECTED_H
#define CONTIDCTL_INJECTED_H

#include "record.h"

#define INJECTED_TEXT 32768 /* more than twice as long as a record of auditd's */
#define INJECTED_OPEN 1024 /* so many addresses have no room there */

/**
 * struct injected - what addresses make of the lines behind their record
 * @text: the record's line, and those that were found to belong to it
 * @len: its length
 * @open: so long it was when an address broke off whose end may be still to come
 * @open_count: how many
 * @count: lines that were an address's
 */
struct injected {
	char text[INJECTED_TEXT];
	size_t len;
	size_t open[INJECTED_OPEN];
	size_t open_count;
	uint64_t count;
};

void injected_expect(struct injected *injected, const struct record *record, struct slice line);
bool injected_has(struct injected *injected, const char *line, size_t len);

#endif
