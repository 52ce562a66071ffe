/* SPDX-License-Identifier: GPL-2.0 */
/* What the parts of the fuzzer of the ioctls share. */
#ifndef FUZZ_H
#define FUZZ_H

#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include <linux/audit_contid.h>

#define SLOTS	   32 /* processes of the crowd that callers may aim at */
#define LEADERS	   8 /* of these, the ones that a batch begins with */
#define POOL	   12 /* contids that are used again and again */
#define MEMORY_FD  100 /* of the shared memory, also after an exec */
#define ERRNOS	   160
#define CONTAINERS 256 /* more than there can be */

/* the ioctls, and what is none */
enum kind { INFO, REGISTER, GET, LIST, STATS, RELEASE, LABEL, RATE, NO_IOCTL, KINDS };

/**
 * struct shared - what all processes of the fuzzer see
 * @slot: the crowd's processes that live, 0 in a free slot
 * @calm: it leaves most of the time to the callers in this batch
 * @namespaces: the crowd enters one another's mount namespaces in this batch
 * @failed: something did not hold; the run ends
 * @calls: that were made, by their kind and errno
 * @registered: of these, what the module counts as registered
 * @refused: and as refused
 * @forks: children whose label was compared with their parent's
 */
struct shared {
	atomic_int slot[SLOTS];
	atomic_int calm;
	atomic_int namespaces;
	atomic_int failed;
	atomic_ulong calls[KINDS][ERRNOS];
	atomic_ulong registered;
	atomic_ulong refused;
	atomic_ulong forks;
};

/**
 * struct random - a generator of numbers that can be had again by its seed
 * @state: never 0
 */
struct random {
	uint64_t state;
};

/* the callers */
enum role { ON_HOST, WITHOUT_RIGHT, IN_CONTAINER };

/**
 * struct caller - a thread that calls
 * @role: what it may expect
 * @device: open
 * @random: its own
 * @count: so many calls it makes
 */
struct caller {
	enum role role;
	int device;
	struct random random;
	unsigned long count;
};

extern struct shared *shared;
extern struct audit_contid_info info;
extern struct audit_contid_stats stats_at_begin;

/* fuzz_ioctl.c */
uint64_t random_next(struct random *random);
uint32_t below(struct random *random, uint32_t end);
bool one_in(struct random *random, uint32_t n);
void contid_of_pool(unsigned int n, struct audit_contid *id);
int open_device(void);
void wrong(const char *format, ...) __attribute__((format(printf, 1, 2)));
void fail(const char *what) __attribute__((noreturn));

/* fuzz_kinds.c */
void *caller_run(void *caller);

/* fuzz_call.c */
void count_call(enum kind kind, int err);
void count_register(int err);

/* fuzz_crowd.c */
void crowd_begin(unsigned int slot, uint64_t seed) __attribute__((noreturn));
bool crowd_continues(int argc, char **argv);
int label_get(int device, pid_t pid, struct audit_contid_get *label);
bool label_is_within(const struct audit_contid_get *inner, const struct audit_contid_get *outer);

/* fuzz_check.c */
void check_all(int device);
void check_calls(int device, struct random *random, unsigned long count);
void check_end(int device);

#endif
