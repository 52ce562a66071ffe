/* SPDX-License-Identifier: GPL-2.0 */
/* Where events go that are handed on: a file, a socket, or the journal. */
#ifndef CONTIDCTL_OUTLET_H
#define CONTIDCTL_OUTLET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

/**
 * enum outlet_kind - what it is
 * @OUTLET_NONE: nothing yet
 * @OUTLET_FILE: a file, which may be moved away at any time: it is made anew
 * @OUTLET_SOCKET: somebody listens at a Unix socket
 * @OUTLET_JOURNAL: /dev/log, a message for each event
 */
enum outlet_kind { OUTLET_NONE, OUTLET_FILE, OUTLET_SOCKET, OUTLET_JOURNAL };

/**
 * struct outlet - one of these
 * @kind: which
 * @path: of the file or the socket
 * @fd: open, or -1
 * @dropped: events that it did not take since this was said last
 * @dropped_in_all: and since the begin
 * @error: why it did not take the last of them
 * @tried: when it could not be opened last, in seconds of CLOCK_MONOTONIC; 0 if it can be
 * @said: when drops were said last, likewise; 0 if they never were
 */
struct outlet {
	enum outlet_kind kind;
	char *path;
	int fd;
	uint64_t dropped, dropped_in_all;
	int error;
	time_t tried, said;
};

const char *outlet_set(struct outlet *outlet, const char *where);
bool outlet_write(struct outlet *outlet, const char *text, size_t len);
void outlet_tell(struct outlet *outlet, bool now);
void outlet_close(struct outlet *outlet);

#endif
