// SPDX-License-Identifier: GPL-2.0
/*
 * clamour FILE WORD...: opens FILE again and again, which a rule has on record.
 *
 *   count=N    so often, by each thread; else for ever
 *   threads=N  by so many threads at once, none of which begins before all are there
 *   every=USEC each thread begins one after that time, if the last one took no longer
 *   seconds=N  for so long
 *   alarm=USEC with a signal after that time, again and again, and a handler for it
 *   handler    SIGTERM is handled: prints "term"
 *   forks      each in a child of its own, which is killed as soon as it has opened
 *   chain      opens nothing: makes a child, which kills its maker before that waits for
 *              the record of it, and makes the next one
 *   fail       each allocation fails that failslab's task-filter lets fail
 *
 * Prints "ready" before it begins, and in the end how many it has opened, and how long that
 * took at the median, for 99 of a hundred, and at the most, in microseconds.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define KEPT 100000UL

static const char *file;
static unsigned long count, every, seconds;
static bool by_forks, by_chain;
static pthread_barrier_t barrier;
static unsigned int took[KEPT];
static unsigned long done;
/* of a child: it has opened */
static volatile unsigned long *opened;

static unsigned long now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000UL + now.tv_nsec / 1000;
}

static void wait_until(unsigned long when)
{
	struct timespec at = { .tv_sec = when / 1000000, .tv_nsec = when % 1000000 * 1000 };

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL))
		;
}

static void open_it(void)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC);

	if (fd < 0) {
		perror(file);
		exit(1);
	}
	close(fd);
}

/* The parent does not wait for the child's way out of the kernel. */
static void open_in_child(void)
{
	unsigned long before = *opened;
	pid_t child = fork();

	if (child < 0) {
		perror("fork");
		exit(1);
	}
	if (!child) {
		++*opened;
		open_it();
		_exit(0);
	}
	while (*opened == before)
		sched_yield();
	usleep(2000);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
}

/* The children are the next ones; what began it waits, to be found by its number. */
static void fork_in_chain(void)
{
	static bool begun;
	pid_t maker = getpid();
	pid_t child = fork();

	if (child < 0) {
		perror("fork");
		exit(1);
	}
	if (child) {
		/* the first one is not killed: others wait for it */
		if (!begun) {
			wait_until(now_us() + (seconds + 1) * 1000000);
			return;
		}
		for (;;)
			pause();
	}
	if (begun)
		kill(maker, SIGKILL);
	begun = true;
}

static void *work(void *unused)
{
	unsigned long end, next, begun;

	(void)unused;
	pthread_barrier_wait(&barrier);
	end = seconds ? now_us() + seconds * 1000000 : 0;
	next = now_us();
	for (unsigned long i = 0; (!count || i < count) && (!end || now_us() < end); i++) {
		if (every)
			wait_until(next);
		begun = now_us();
		next = (begun > next + every ? begun : next) + every;
		if (by_forks)
			open_in_child();
		else if (by_chain)
			fork_in_chain();
		else
			open_it();
		took[__atomic_fetch_add(&done, 1, __ATOMIC_RELAXED) % KEPT] = now_us() - begun;
	}
	return NULL;
}

static void on_term(int signal)
{
	(void)signal;
	if (write(1, "term\n", 5) != 5)
		_exit(1);
}

static void on_alarm(int signal)
{
	(void)signal;
}

static int by_size(const void *a, const void *b)
{
	const unsigned int *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void print_all(void)
{
	unsigned long kept = done < KEPT ? done : KEPT;

	qsort(took, kept, sizeof(*took), by_size);
	printf("%lu opened", done);
	if (kept)
		printf(", median %u, 99 %% %u, most %u us", took[kept / 2], took[kept * 99 / 100],
		       took[kept - 1]);
	putchar('\n');
}

static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);

	if (fd < 0 || write(fd, text, strlen(text)) < 0) {
		perror(path);
		exit(1);
	}
	close(fd);
}

int main(int argc, char **argv)
{
	unsigned long threads = 1, alarms = 0;
	bool fails = false;

	if (argc < 2)
		return 2;
	file = argv[1];
	for (int i = 2; i < argc; i++) {
		if (sscanf(argv[i], "count=%lu", &count) == 1 ||
		    sscanf(argv[i], "threads=%lu", &threads) == 1 ||
		    sscanf(argv[i], "every=%lu", &every) == 1 ||
		    sscanf(argv[i], "seconds=%lu", &seconds) == 1 ||
		    sscanf(argv[i], "alarm=%lu", &alarms) == 1)
			continue;
		if (!strcmp(argv[i], "handler"))
			signal(SIGTERM, on_term);
		else if (!strcmp(argv[i], "forks"))
			by_forks = true;
		else if (!strcmp(argv[i], "chain"))
			by_chain = true;
		else if (!strcmp(argv[i], "fail"))
			fails = true;
		else
			return 2;
	}
	opened = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (opened == MAP_FAILED)
		return 1;
	puts("ready");
	fflush(stdout);
	if (alarms) {
		struct itimerval timer = { { 0, alarms }, { 0, alarms } };
		struct sigaction action = { .sa_handler = on_alarm, .sa_flags = SA_RESTART };

		sigaction(SIGALRM, &action, NULL);
		setitimer(ITIMER_REAL, &timer, NULL);
	}
	if (fails)
		write_file("/proc/self/make-it-fail", "1");
	pthread_barrier_init(&barrier, NULL, threads);
	if (threads == 1) {
		work(NULL);
	} else {
		pthread_t all[threads];

		for (unsigned long i = 0; i < threads; i++)
			pthread_create(&all[i], NULL, work, NULL);
		for (unsigned long i = 0; i < threads; i++)
			pthread_join(all[i], NULL);
	}
	print_all();
	return 0;
}
