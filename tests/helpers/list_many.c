// SPDX-License-Identifier: GPL-2.0
/*
 * list_many COUNT ROOM...: makes COUNT containers and lists them through buffers
 * for ROOM of them. Once with nothing else going on: each has to be there exactly
 * once, in the order of serials. Once while containers end and begin between the
 * calls: those that live from the first call to the last exactly once, the others
 * at most. Prints what is wrong, and "OK" if nothing is.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/audit_contid.h>

#include "process.h"

static int device;
static bool wrong;
static struct one {
	pid_t pid;
	unsigned int seen;
	bool always; /* lives from the first call to the last */
} * all;
static unsigned int made;

static void make_one(bool always)
{
	struct audit_contid_register arg = { .flags = AUDIT_CONTID_PID };

	arg.target = fork_waiting();
	arg.contid.b[0] = 0xab;
	memcpy(arg.contid.b + 12, &made, sizeof(made));
	if (ioctl(device, AUDIT_CONTID_IOC_REGISTER, &arg))
		fail("register");
	all[made++] = (struct one){ .pid = arg.target, .always = always };
}

static void end_one(struct one *one)
{
	if (!one->pid)
		return;
	one->always = false;
	kill(one->pid, SIGKILL);
	if (waitpid(one->pid, NULL, 0) != one->pid)
		fail("waitpid");
	one->pid = 0;
}

static void check(const struct audit_contid_container *c, uint64_t after)
{
	unsigned int number;

	memcpy(&number, c->contid.b + 12, sizeof(number));
	if (c->contid.b[0] != 0xab || number >= made) {
		printf("there is one that was not made here\n");
		wrong = true;
		return;
	}
	if (c->serial <= after) {
		printf("serial %" PRIu64 " after %" PRIu64 "\n", (uint64_t)c->serial, after);
		wrong = true;
	}
	if (all[number].pid && c->first_pid != all[number].pid) {
		printf("container %u has another first process\n", number);
		wrong = true;
	}
	all[number].seen++;
}

static unsigned int list_all(unsigned int room, bool busy)
{
	struct audit_contid_container *found = calloc(room, sizeof(*found));
	struct audit_contid_list list = { .more = 1 };
	unsigned int calls = 0, total = 0;
	uint64_t after = 0;

	for (unsigned int i = 0; i < made; i++) {
		all[i].seen = 0;
		all[i].always = all[i].pid;
	}
	while (list.more) {
		memset(&list, 0, sizeof(list));
		list.after = after;
		list.buffer = (uintptr_t)found;
		list.count = room;
		if (ioctl(device, AUDIT_CONTID_IOC_LIST, &list))
			fail("list");
		for (unsigned int i = 0; i < list.count; i++) {
			check(&found[i], after);
			after = found[i].serial;
		}
		total += list.count;
		if (list.more && list.count != room) {
			printf("more, but room was left\n");
			wrong = true;
		}
		/* of 200 calls, so that the list comes to its end */
		if (busy && list.more && calls++ < 200) {
			unsigned int number;

			memcpy(&number, found[0].contid.b + 12, sizeof(number));
			end_one(&all[number]); /* listed already */
			end_one(&all[made - 1 - calls]); /* to come */
			make_one(false);
		}
	}
	for (unsigned int i = 0; i < made; i++) {
		if (all[i].seen > 1 || (all[i].always && !all[i].seen)) {
			printf("container %u: %u times through room for %u\n", i, all[i].seen,
			       room);
			wrong = true;
		}
	}
	free(found);
	return total;
}

int main(int argc, char **argv)
{
	unsigned int count = argc > 2 ? atoi(argv[1]) : 0, total;

	if (!count) {
		fprintf(stderr, "list_many COUNT ROOM...\n");
		return 2;
	}
	device = open(AUDIT_CONTID_DEVICE, O_RDWR);
	all = calloc(count + argc * 200, sizeof(*all));
	if (device < 0 || !all)
		fail(AUDIT_CONTID_DEVICE);
	while (made < count)
		make_one(true);
	for (int i = 2; i < argc; i++) {
		total = list_all(atoi(argv[i]), false);
		if (total != count) {
			printf("%u of %u through room for %s\n", total, count, argv[i]);
			wrong = true;
		}
	}
	list_all(atoi(argv[2]), true);
	for (unsigned int i = 0; i < made; i++)
		end_one(&all[i]);
	if (!wrong)
		puts("OK");
	return wrong;
}
