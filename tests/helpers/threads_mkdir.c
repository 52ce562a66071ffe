// SPDX-License-Identifier: GPL-2.0
/*
 * threads_mkdir THREADS EACH DIR: so many threads at once make so many
 * directories each, DIR/THREAD-NUMBER.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

static const char *dir;
static int each;
static pthread_barrier_t barrier;

static void *work(void *number)
{
	char path[4096];

	pthread_barrier_wait(&barrier);
	for (int i = 0; i < each; i++) {
		snprintf(path, sizeof(path), "%s/%ld-%d", dir, (long)number, i);
		if (mkdir(path, 0755)) {
			perror(path);
			exit(1);
		}
	}
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t thread[64];
	int count = argc == 4 ? atoi(argv[1]) : 0;

	if (count < 1 || count > 64) {
		fputs("usage: threads_mkdir THREADS EACH DIR\n", stderr);
		return 2;
	}
	each = atoi(argv[2]);
	dir = argv[3];
	pthread_barrier_init(&barrier, NULL, count);
	for (long i = 0; i < count; i++) {
		if (pthread_create(&thread[i], NULL, work, (void *)i)) {
			fputs("no thread\n", stderr);
			return 1;
		}
	}
	for (int i = 0; i < count; i++)
		pthread_join(thread[i], NULL);
	return 0;
}
