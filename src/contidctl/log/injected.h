/* SPDX-License-Identifier: GPL-2.0 */
/* Lines that a socket's address has put into a log. */
#ifndef CONTIDCTL_INJECTED_H
#define CONTIDCTL_INJECTED_H

#include "record.h"

#define INJECTED_PATH 128 /* that of a local socket has at most 108 bytes */

/**
 * struct injected - what such an address makes of the lines behind its record
 * @path: what of it is still to come
 * @len: its length
 * @expected: there is something to come
 * @count: lines that were its
 */
struct injected {
	char path[INJECTED_PATH];
	size_t len;
	bool expected;
	uint64_t count;
};

void injected_expect(struct injected *injected, const struct record *record);
bool injected_has(struct injected *injected, const char *line, size_t len);

#endif
