// SPDX-License-Identifier: GPL-2.0
/*
 * thread_net: a process of two threads, the second of which makes a network namespace and is in
 * there alone. Prints the second's number. At SIGUSR1 that comes back to the other, and prints
 * "back". At SIGUSR2 it exits, and the other stays.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static sigset_t signals;

static void __attribute__((noreturn)) fail(const char *what)
{
	perror(what);
	exit(1);
}

static void *second(void *unused)
{
	int fd = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC), got;

	(void)unused;
	if (fd < 0 || unshare(CLONE_NEWNET))
		fail("unshare");
	printf("%d\n", gettid());
	fflush(stdout);
	sigwait(&signals, &got);
	if (got == SIGUSR2)
		return NULL;
	if (setns(fd, CLONE_NEWNET))
		fail("setns");
	puts("back");
	fflush(stdout);
	pause();
	return NULL;
}

int main(void)
{
	pthread_t thread;

	sigemptyset(&signals);
	sigaddset(&signals, SIGUSR1);
	sigaddset(&signals, SIGUSR2);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	if (pthread_create(&thread, NULL, second, NULL))
		fail("pthread_create");
	pthread_join(thread, NULL);
	for (;;)
		pause();
}
