/* SPDX-License-Identifier: GPL-2.0 */
/* One call of the fuzzer of the ioctls. */
#ifndef FUZZ_CALL_H
#define FUZZ_CALL_H

#include "fuzz.h"

#define ROOM	 (16UL * 4096) /* for arguments and buffers, and no more */
#define ONE(err) (1ULL << (err))
/* errnos that are larger than 63 have a bit that is free */
#define NOTUNIQ ONE(60)
#define NOTSUPP ONE(61)

/**
 * struct call - one call
 * @caller: the process that makes it
 * @request: the number of the ioctl
 * @kind: which that is
 * @may: the errnos that it may end with, 0 among them
 * @size: of the argument
 * @at: where the argument lies, if it can be reached
 * @unread: it cannot be
 * @room: memory of this thread; the page behind it faults
 */
struct call {
	struct caller *caller;
	unsigned long request;
	enum kind kind;
	uint64_t may;
	size_t size;
	char *at;
	bool unread;
	char *room;
};

/**
 * struct aim - a target, and what is known of it
 * @flags: how it is named
 * @number: the name
 * @may: errnos by the target alone; 0 if there may be such a process
 * @opened: a pidfd to be closed
 */
struct aim {
	uint32_t flags;
	int32_t number;
	uint64_t may;
	int opened;
};

int call_make(struct call *call, unsigned long argument);
int call_send(struct call *call, void *arg);
struct aim take_aim(struct caller *caller);
bool is_zero(const void *from, size_t size);

#endif
