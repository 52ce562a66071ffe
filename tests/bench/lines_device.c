// SPDX-License-Identifier: GPL-2.0
/* The device's ioctls, with many containers. */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <linux/audit_contid.h>

#include "measure.h"

#define CHUNK 4096

static void list_all(int device, struct audit_contid_container *room, unsigned int count)
{
	struct audit_contid_list list;
	unsigned int total = 0;
	__u64 after = 0;

	do {
		list = (struct audit_contid_list){
			.after = after,
			.buffer = (uintptr_t)room,
			.count = CHUNK,
		};
		if (ioctl(device, AUDIT_CONTID_IOC_LIST, &list))
			fail("list");
		after = list.after;
		total += list.count;
	} while (list.more);
	if (total != count) {
		fprintf(stderr, "listed %u of %u\n", total, count);
		exit(2);
	}
}

static void get_one(int device, pid_t pid)
{
	struct audit_contid_get get = { .flags = AUDIT_CONTID_PID, .target = pid };

	if (ioctl(device, AUDIT_CONTID_IOC_GET, &get) || get.depth != 1)
		fail("get");
}

/* Registers in as many parts as there are repetitions. */
static void measure_register(int device, const pid_t *pids, unsigned int count, unsigned int parts)
{
	unsigned int each = count / parts, done = 0;

	printf("register");
	while (done < count) {
		uint64_t begin = now();
		unsigned int i;

		for (i = 0; done < count && i < each; i++)
			register_pid(device, pids[done++]);
		if (i == each)
			printf(" %.2f", (double)(now() - begin) / each);
	}
	puts("");
}

int device_lines(unsigned int count, unsigned int repetitions)
{
	struct audit_contid_container *room = calloc(CHUNK, sizeof(*room));
	pid_t *pids = calloc(count, sizeof(*pids));
	int device = open_device();
	char byte;

	if (!room || !pids || count < repetitions)
		fail("device");
	/* its pages are there, as those of a program that lists often */
	memset(room, 1, CHUNK * sizeof(*room));
	crowd_add(count, pids);
	puts("made");
	fflush(stdout);
	if (read(0, &byte, 1) != 1)
		fail("input");

	measure_register(device, pids, count, repetitions);
	printf("get");
	for (unsigned int r = 0; r < repetitions; r++) {
		uint64_t begin = now();

		for (unsigned int i = 0; i < count; i++)
			get_one(device, pids[i]);
		printf(" %.2f", (double)(now() - begin) / count);
	}
	printf("\nlist");
	for (unsigned int r = 0; r < repetitions; r++) {
		uint64_t begin = now();

		list_all(device, room, count);
		printf(" %.2f", (double)(now() - begin));
	}
	puts("\ndone");
	fflush(stdout);
	if (read(0, &byte, 1) != 1)
		fail("input");
	for (unsigned int i = 0; i < count; i++) {
		kill(pids[i], SIGKILL);
		reap(pids[i]);
	}
	return 0;
}
