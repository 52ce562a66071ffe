// SPDX-License-Identifier: GPL-2.0
/* peek PID: enters PID's mount namespace, goes back, says so and waits. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	char path[64];
	int there, back;

	if (argc != 2)
		return 2;
	snprintf(path, sizeof(path), "/proc/%s/ns/mnt", argv[1]);
	there = open(path, O_RDONLY);
	back = open("/proc/self/ns/mnt", O_RDONLY);
	if (setns(there, CLONE_NEWNS) || setns(back, CLONE_NEWNS)) {
		perror("setns");
		return 1;
	}
	puts("back");
	fflush(stdout);
	pause();
	return 0;
}
