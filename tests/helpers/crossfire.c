// SPDX-License-Identifier: GPL-2.0
/*
 * crossfire SECONDS: threads that ask for, register, join and list one process, all
 * at the same moment and as fast as they can, while it makes children, loses them and
 * has threads that come and go; after a while another takes its place. What they
 * are answered is not looked at: it is for a kernel that watches what the module
 * reads and writes meanwhile.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <linux/audit_contid.h>

#define TURN_US 700000
#define ROOM	64

static int device;
static pid_t target;
static atomic_bool over;
static atomic_ulong calls;

static void *get(void *unused)
{
	(void)unused;
	while (!over) {
		struct audit_contid_get arg = { .flags = AUDIT_CONTID_PID, .target = target };

		ioctl(device, AUDIT_CONTID_IOC_GET, &arg);
		calls++;
	}
	return NULL;
}

/* alone, with its tree, into a live container, and again if it is there already */
static void *enter(void *unused)
{
	static const uint32_t ways[] = { 0, AUDIT_CONTID_TREE, AUDIT_CONTID_JOIN,
					 AUDIT_CONTID_JOIN | AUDIT_CONTID_TREE };
	struct audit_contid_register arg = { .target = target };
	unsigned int n = 0;

	(void)unused;
	while (!over) {
		arg.flags = AUDIT_CONTID_PID | ways[n++ % 4];
		memset(&arg.contid, 0x50 + n % 16, sizeof(arg.contid));
		ioctl(device, AUDIT_CONTID_IOC_REGISTER, &arg);
		calls++;
	}
	return NULL;
}

static void *list(void *unused)
{
	static struct audit_contid_container room[ROOM];

	(void)unused;
	while (!over) {
		struct audit_contid_list arg = { .buffer = (uintptr_t)room, .count = ROOM };
		struct audit_contid_stats stats = {};

		ioctl(device, AUDIT_CONTID_IOC_LIST, &arg);
		ioctl(device, AUDIT_CONTID_IOC_STATS, &stats);
		calls += 2;
	}
	return NULL;
}

static void *idle(void *unused)
{
	return unused;
}

/* children with children, orphans, threads */
static void __attribute__((noreturn)) live(void)
{
	pthread_t thread;
	pid_t child;

	for (;;) {
		child = fork();
		if (!child) {
			if (!fork())
				usleep(2000);
			_exit(0);
		}
		if (!pthread_create(&thread, NULL, idle, NULL))
			pthread_join(thread, NULL);
		waitpid(child, NULL, 0);
		usleep(500);
	}
}

static void turn(void)
{
	static void *(*const fire[])(void *) = { get, get, enter, enter, list };
	pthread_t threads[sizeof(fire) / sizeof(*fire)];

	target = fork();
	/* kill() would take -1 for everybody */
	if (target < 0) {
		perror("fork");
		exit(2);
	}
	if (!target)
		live();
	over = false;
	for (unsigned int i = 0; i < sizeof(fire) / sizeof(*fire); i++) {
		if (pthread_create(&threads[i], NULL, fire[i], NULL)) {
			perror("pthread_create");
			exit(2);
		}
	}
	usleep(TURN_US);
	/* its end is a part of it */
	kill(target, SIGKILL);
	usleep(TURN_US / 10);
	over = true;
	for (unsigned int i = 0; i < sizeof(fire) / sizeof(*fire); i++)
		pthread_join(threads[i], NULL);
	waitpid(target, NULL, 0);
}

int main(int argc, char **argv)
{
	time_t end = time(NULL) + (argc > 1 ? atoi(argv[1]) : 10);
	unsigned int turns = 0;

	device = open(AUDIT_CONTID_DEVICE, O_RDWR | O_CLOEXEC);
	if (device < 0) {
		perror(AUDIT_CONTID_DEVICE);
		return 2;
	}
	for (; time(NULL) < end; turns++)
		turn();
	printf("turns %u calls %lu\n", turns, calls);
	return 0;
}
