// SPDX-License-Identifier: GPL-2.0
/*
 * namespace_turns: two mount namespaces in which a child lives each, and a process that
 * goes from one to the other and back. Prints the nanoseconds of one such step: the mean
 * of the quickest round of several.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <time.h>

#include "process.h"

#define ROUNDS 10
#define TURNS  50

static int namespace_make(void)
{
	char path[64];
	int fd;

	if (unshare(CLONE_NEWNS))
		fail("unshare");
	snprintf(path, sizeof(path), "/proc/%d/ns/mnt", fork_waiting());
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		fail(path);
	return fd;
}

static long now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000L + time.tv_nsec;
}

int main(void)
{
	int first = namespace_make(), second = namespace_make();
	long best = 0;

	for (int round = 0; round < ROUNDS; round++) {
		long took = now();

		for (int i = 0; i < TURNS; i++) {
			if (setns(first, CLONE_NEWNS) || setns(second, CLONE_NEWNS))
				fail("setns");
		}
		took = now() - took;
		if (!best || took < best)
			best = took;
	}
	printf("%ld\n", best / (2 * TURNS));
	return 0;
}
