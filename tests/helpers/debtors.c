// SPDX-License-Identifier: GPL-2.0
/*
 * debtors COUNT: so many threads at once, each of which signals itself and exits. If a rule has
 * that call on record, each leaves without having waited for its record, as the signal ends its
 * wait. Prints how many there were.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static pthread_barrier_t all_there;

static void on_signal(int signal)
{
	(void)signal;
}

static void *owes(void *unused)
{
	/* one that is born when its process owes already would have to wait before this */
	pthread_barrier_wait(&all_there);
	/* raise() would let the signal come only after the record of it */
	tgkill(getpid(), gettid(), SIGUSR1);
	return unused;
}

int main(int argc, char **argv)
{
	int count = argc == 2 ? atoi(argv[1]) : 0;
	pthread_t threads[count + 1];

	signal(SIGUSR1, on_signal);
	pthread_barrier_init(&all_there, NULL, count + 1);
	for (int i = 0; i < count; i++) {
		if (pthread_create(&threads[i], NULL, owes, NULL))
			return 1;
	}
	pthread_barrier_wait(&all_there);
	for (int i = 0; i < count; i++)
		pthread_join(threads[i], NULL);
	printf("%d\n", count);
	return count < 1;
}
