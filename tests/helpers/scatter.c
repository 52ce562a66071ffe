// SPDX-License-Identifier: GPL-2.0
/*
 * scatter sleep|exit: a process of two threads in a mount namespace of its own. The
 * leader sleeps or exits; the other thread goes to another new mount namespace at SIGUSR1.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static sigset_t usr1;

static void *leave(void *unused)
{
	int got;

	sigwait(&usr1, &got);
	if (unshare(CLONE_NEWNS))
		perror("unshare");
	for (;;)
		pause();
	return unused;
}

int main(int argc, char **argv)
{
	pthread_t thread;

	if (argc != 2) {
		fputs("usage: scatter sleep|exit\n", stderr);
		return 2;
	}
	sigemptyset(&usr1);
	sigaddset(&usr1, SIGUSR1);
	sigprocmask(SIG_BLOCK, &usr1, NULL);
	if (unshare(CLONE_NEWNS) || pthread_create(&thread, NULL, leave, NULL)) {
		perror("scatter");
		return 1;
	}
	if (!strcmp(argv[1], "exit"))
		pthread_exit(NULL);
	for (;;)
		pause();
}
