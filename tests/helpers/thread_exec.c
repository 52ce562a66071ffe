// SPDX-License-Identifier: GPL-2.0
/*
 * thread_exec PROGRAM ARGUMENT...: executes PROGRAM from a thread that is not
 * the leader, while the leader and another thread go on.
 */
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

static void *idle(void *unused)
{
	for (;;)
		pause();
	return unused;
}

static void *leap(void *argv)
{
	char **args = argv;

	execvp(args[0], args);
	perror(args[0]);
	_exit(127);
}

int main(int argc, char **argv)
{
	pthread_t thread[2];

	if (argc < 2) {
		fputs("usage: thread_exec PROGRAM ARGUMENT...\n", stderr);
		return 2;
	}
	if (pthread_create(&thread[0], NULL, idle, NULL) ||
	    pthread_create(&thread[1], NULL, leap, argv + 1)) {
		fputs("no thread\n", stderr);
		return 1;
	}
	idle(NULL);
}
