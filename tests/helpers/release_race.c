// SPDX-License-Identifier: GPL-2.0
/*
 * release_race COUNT STEP FIRST PID: all containers are let go while processes leave the
 * one of PID. COUNT processes enter PID's mount namespace and go back, one every STEP
 * microseconds, the first of them FIRST microseconds after the release has begun. Who
 * leaves before the module has closed the containers makes it refuse (EAGAIN); then all
 * is done again, and the first one leaves a STEP later. So in the end they leave from
 * then on, while entries are taken and containers ended. Prints which FIRST that was.
 * Exit status: 0, or 1.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <linux/audit_contid.h>

#define MICROSECOND 1000LL
#define SECOND	    (1000 * 1000 * MICROSECOND)

/* when the release began, for all to see */
static long long *began;
static int device, inside, outside;

static void __attribute__((noreturn)) fail(const char *problem)
{
	perror(problem);
	_exit(1);
}

static long long now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * SECOND + t.tv_nsec;
}

/* One that is inside when a byte is in @in, and goes back so long after the release began */
static void __attribute__((noreturn)) visit(int in, int go, long long after)
{
	struct timespec at;
	long long when;
	char c;

	if (setns(inside, CLONE_NEWNS) || write(in, "", 1) != 1)
		fail("setns");
	/* the end of the pipe is the sign */
	if (read(go, &c, 1))
		fail("read");
	when = *began + after * MICROSECOND;
	at = (struct timespec){ .tv_sec = when / SECOND, .tv_nsec = when % SECOND };
	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL) == EINTR)
		;
	if (setns(outside, CLONE_NEWNS))
		fail("setns back");
	_exit(0);
}

/* Return: false if the release has to be tried again. */
static bool released(int count, long long step, long long first)
{
	struct audit_contid_container room[16];
	struct audit_contid_list list = { .buffer = (uintptr_t)room, .count = 16 };
	struct audit_contid_release release = {};
	int in[2], go[2], status, bad = 0, err;
	char c;

	if (pipe(in) || pipe(go))
		fail("pipe");
	for (int i = 0; i < count; i++) {
		if (fork())
			continue;
		close(go[1]);
		visit(in[1], go[0], first + i * step);
	}
	close(in[1]);
	for (int i = 0; i < count; i++) {
		if (read(in[0], &c, 1) != 1)
			fail("a process did not get inside");
	}
	if (ioctl(device, AUDIT_CONTID_IOC_LIST, &list))
		fail("list");
	release.changes = list.changes;
	*began = now();
	close(go[1]);
	err = ioctl(device, AUDIT_CONTID_IOC_RELEASE, &release) ? errno : 0;
	if (err && err != EAGAIN)
		fail("release");
	close(go[0]);
	close(in[0]);
	while (wait(&status) > 0)
		bad |= status;
	if (bad)
		_exit(1);
	return !err;
}

int main(int argc, char **argv)
{
	long long step, first;
	char path[64];
	int count;

	if (argc != 5) {
		fputs("usage: release_race COUNT STEP FIRST PID\n", stderr);
		return 1;
	}
	count = atoi(argv[1]);
	step = atoll(argv[2]);
	first = atoll(argv[3]);
	snprintf(path, sizeof(path), "/proc/%s/ns/mnt", argv[4]);
	inside = open(path, O_RDONLY | O_CLOEXEC);
	outside = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);
	device = open(AUDIT_CONTID_DEVICE, O_RDWR | O_CLOEXEC);
	began = mmap(NULL, sizeof(*began), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		     0);
	if (inside < 0 || outside < 0 || device < 0 || began == MAP_FAILED)
		fail(path);
	while (!released(count, step, first))
		first += step;
	printf("%lld\n", first);
	return 0;
}
