// SPDX-License-Identifier: GPL-2.0
/*
 * adopt_hostile nested COUNT, adopt_hostile chain COUNT: what one look of `contidctl adopt`
 * makes of an ordinary user's processes that are to hold it up. Prints how many containers
 * it has found, and how long it took, in microseconds of this process's time.
 *
 * nested: each is in a cgroup path as long as the kernel makes one, all of it containers.
 * chain: half of them descend from one another; all others are children of the last of these,
 * in mount namespaces of their own, and two in each container.
 *
 * They are made up, and so are their cgroups, which then count as a user's.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "adoption.h"

#define FIRST 5000000 /* beyond any number that the kernel gives */

static const char home[] = "/user.slice/user-1000.slice/user@1000.service";

static void make(struct proc *proc, pid_t pid, pid_t parent, ino_t mnt, const char *cgroup)
{
	*proc = (struct proc){
		.pid = pid,
		.thread = pid,
		.parent = parent,
		.start = pid,
		.depth = mnt > 1 ? 2 : 1,
		.first = mnt > 1,
		.mnt = { 1, mnt },
		.hierarchy = "",
		.cgroup = strdup(cgroup),
	};
}

static void make_nested(struct proc *items, size_t count)
{
	char cgroup[PATH_MAX];

	for (size_t i = 0; i < count; i++) {
		size_t length = snprintf(cgroup, sizeof(cgroup), "%s/lxc/%zu", home, i);

		while (length + strlen("/lxc/a") < sizeof(cgroup) - 1)
			length += sprintf(cgroup + length, "/lxc/a");
		make(&items[i], FIRST + i, 1, 1, cgroup);
	}
}

/* Each container has two: process 1 of a PID namespace, and an older one, which is not above it. */
static void make_chain(struct proc *items, size_t count)
{
	char cgroup[PATH_MAX];

	for (size_t i = 0; i < count; i++) {
		bool leaf = i >= count / 2;

		snprintf(cgroup, sizeof(cgroup), leaf ? "%s/lxc/%zu" : "%s", home, i / 2);
		make(&items[i], FIRST + i,
		     leaf ? FIRST + count / 2 - 1 :
		     i	  ? FIRST + i - 1 :
			    1,
		     leaf ? 2 + i : 1, cgroup);
		items[i].first = leaf && i % 2;
	}
}

static double microseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return now.tv_sec * 1e6 + now.tv_nsec / 1e3;
}

int main(int argc, char **argv)
{
	size_t count = argc == 3 ? strtoul(argv[2], NULL, 10) : 0;
	struct adoption adoption = {
		.device.fd = -1,
		.device.info = { .max_depth = 4, .max_containers = 1 << 24 },
		.dry_run = true,
	};
	struct proc_list procs = { .count = 1 + count };
	double begun;

	procs.items = count ? calloc(procs.count, sizeof(*procs.items)) : NULL;
	if (!procs.items)
		return 2;
	make(&procs.items[0], 1, 0, 1, "/init.scope");
	if (!strcmp(argv[1], "nested"))
		make_nested(procs.items + 1, count);
	else
		make_chain(procs.items + 1, count);
	begun = microseconds();
	if (!adoption_plan(&adoption, &procs))
		return 1;
	printf("%zu %.0f\n", adoption.found.count, microseconds() - begun);
	return 0;
}
