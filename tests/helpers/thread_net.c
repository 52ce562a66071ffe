// SPDX-License-Identifier: GPL-2.0
/*
 * thread_net: a process of two threads, the second of which makes a network namespace and is in
 * there alone. Prints the second's number. At SIGUSR1 that comes back to the other, and prints
 * "back".
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static sigset_t usr1;

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
	sigwait(&usr1, &got);
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

	sigemptyset(&usr1);
	sigaddset(&usr1, SIGUSR1);
	sigprocmask(SIG_BLOCK, &usr1, NULL);
	if (pthread_create(&thread, NULL, second, NULL))
		fail("pthread_create");
	pthread_join(thread, NULL);
	return 0;
}
