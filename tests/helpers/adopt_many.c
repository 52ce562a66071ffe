// SPDX-License-Identifier: GPL-2.0
/*
 * adopt_many COUNT: how long one look of `contidctl adopt --dry-run` takes with so many
 * containers, in microseconds of this process's time. Their processes are made up: no
 * machine of the tests has room for them. What is read of /proc and asked of the
 * module is left out.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "adoption.h"

#define EACH 4 /* processes of a container, and its monitor */

static void make(struct proc *proc, pid_t pid, pid_t parent, ino_t mnt, const char *cgroup)
{
	*proc = (struct proc){
		.pid = pid,
		.parent = parent,
		.start = pid,
		.depth = mnt > 1 ? 2 : 1,
		.first = mnt > 1 && parent % (EACH + 1) == 0,
		.mnt = { 1, mnt },
		.hierarchy = "",
		.cgroup = strdup(cgroup),
	};
}

static double microseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return now.tv_sec * 1e6 + now.tv_nsec / 1e3;
}

int main(int argc, char **argv)
{
	size_t count = argc > 1 ? strtoul(argv[1], NULL, 10) : 0;
	struct adoption adoption = {
		.device.fd = -1,
		.device.info = { .max_depth = 4, .max_containers = 1 << 24 },
		.dry_run = true,
	};
	struct proc_list procs = { .count = 1 + count * (EACH + 1) };
	char cgroup[160];
	double begun;

	procs.items = calloc(procs.count, sizeof(*procs.items));
	if (!procs.items)
		return 1;
	adoption.found.host = adoption.found.self = (struct mount_ns){ 1, 1 };
	make(&procs.items[0], 1, 0, 1, "/init.scope");
	for (size_t i = 0; i < count; i++) {
		struct proc *its = &procs.items[1 + i * (EACH + 1)];
		pid_t pid = (i + 1) * (EACH + 1);

		snprintf(cgroup, sizeof(cgroup), "/machine.slice/libpod-conmon-%016zx%048d.scope",
			 i + 1, 7);
		make(&its[0], pid, 1, 1, cgroup);
		snprintf(cgroup, sizeof(cgroup),
			 "/machine.slice/libpod-%016zx%048d.scope/container", i + 1, 7);
		for (int n = 1; n <= EACH; n++)
			make(&its[n], pid + n, n == 1 ? pid : pid + 1, 2 + i, cgroup);
	}
	begun = microseconds();
	if (!adoption_plan(&adoption, &procs))
		return 1;
	if (adoption.found.count != count || adoption.runtimes.count != count)
		return 1;
	printf("%.0f\n", microseconds() - begun);
	return 0;
}
