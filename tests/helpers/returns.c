// SPDX-License-Identifier: GPL-2.0
/*
 * returns COUNT STEP PID: COUNT processes enter PID's mount namespace, and a line says
 * so. After a line on standard input they go back, one every STEP microseconds.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static void fail(const char *problem)
{
	perror(problem);
	exit(1);
}

int main(int argc, char **argv)
{
	int inside, outside, in[2], go[2], count, step, status, bad = 0;
	char path[64], c;

	if (argc != 4) {
		fputs("usage: returns COUNT STEP PID\n", stderr);
		return 2;
	}
	count = atoi(argv[1]);
	step = atoi(argv[2]);
	snprintf(path, sizeof(path), "/proc/%s/ns/mnt", argv[3]);
	inside = open(path, O_RDONLY);
	outside = open("/proc/self/ns/mnt", O_RDONLY);
	if (inside < 0 || outside < 0 || pipe(in) || pipe(go))
		fail(path);
	for (int i = 0; i < count; i++) {
		if (fork())
			continue;
		close(go[1]);
		if (setns(inside, CLONE_NEWNS) || write(in[1], "", 1) != 1)
			fail("setns");
		/* the end of the pipe is the sign */
		if (read(go[0], &c, 1))
			fail("read");
		usleep(i * step);
		if (setns(outside, CLONE_NEWNS))
			fail("setns back");
		_exit(0);
	}
	for (int i = 0; i < count; i++) {
		if (read(in[0], &c, 1) != 1)
			fail("read");
	}
	puts("inside");
	fflush(stdout);
	if (read(0, &c, 1) < 0)
		fail("standard input");
	close(go[1]);
	while (wait(&status) > 0)
		bad |= status;
	return !!bad;
}
