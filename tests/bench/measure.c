// SPDX-License-Identifier: GPL-2.0
/*
 * measure [-d DEPTH] [-n ITERATIONS] [-r REPETITIONS] [-c REGION] LINE: do what LINE
 * names, in a process that is DEPTH containers deep, and print for each repetition what
 * once took, in nanoseconds; which are instructions if the emulator counts them.
 * With a region, its counter is shown the last repetition; and how many iterations
 * that has comes first.
 * measure sites ADDRESS...: show it the probes.
 * measure crowd COUNT: make so many processes, say so, and wait for the end of input.
 * measure [-r REPETITIONS] device COUNT: register, get and list so many containers.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "mark.h"
#include "measure.h"

struct request {
	const struct line *line;
	unsigned int iterations;
	unsigned int repetitions;
	unsigned int region;
};

void fail(const char *what)
{
	perror(what);
	exit(2);
}

uint64_t now(void)
{
	struct timespec t;

	if (clock_gettime(CLOCK_MONOTONIC_RAW, &t))
		fail("clock_gettime");
	return t.tv_sec * 1000000000ULL + t.tv_nsec;
}

/* Wait for a child; its exit status, 128 and more for a signal. */
int reap(pid_t pid)
{
	int status;

	if (waitpid(pid, &status, 0) != pid)
		fail("waitpid");
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/*
 * The first repetition, a short one, is not counted: it fills caches and allocators.
 * Few and long ones are better than many: what RCU frees later, or a clock tick more,
 * falls into one of them or the next.
 */
int measure_line(const struct line *line, unsigned int iterations, unsigned int repetitions,
		 unsigned int region)
{
	double *took = calloc(repetitions + 1, sizeof(*took));

	if (!took)
		fail("calloc");
	if (line->prepare)
		line->prepare();
	for (unsigned int r = 0; r <= repetitions; r++) {
		unsigned int count = r ? iterations : (iterations + 9) / 10;
		uint64_t begin;

		if (region && r == repetitions)
			mark(region);
		begin = now();
		for (unsigned int i = 0; i < count; i++)
			line->once();
		took[r] = (double)(now() - begin) / iterations;
	}
	if (region) {
		mark(0);
		printf("%u ", iterations);
	}
	for (unsigned int r = 1; r <= repetitions; r++)
		printf("%.2f%c", took[r], r < repetitions ? ' ' : '\n');
	free(took);
	return fflush(stdout) ? 2 : 0;
}

static int measure(void *data)
{
	struct request *request = data;

	/* what is left to do from before, auditd's work on the registration too */
	sleep(1);
	return measure_line(request->line, request->iterations, request->repetitions,
			    request->region);
}

static const struct line *find_line(const struct line *lines, const char *name)
{
	for (; lines->name; lines++) {
		if (!strcmp(lines->name, name))
			return lines;
	}
	return NULL;
}

static __attribute__((noreturn)) void usage(void)
{
	fputs("measure [-d DEPTH] [-n ITERATIONS] [-r REPETITIONS] [-c REGION]\n"
	      "        LINE|device COUNT|crowd COUNT|sites ADDRESS...\n",
	      stderr);
	exit(2);
}

int main(int argc, char **argv)
{
	struct request request = { .repetitions = 3 };
	unsigned int depth = 0;
	const char *what;
	int option;

	if (argc == 2 && !strcmp(argv[1], NOTHING))
		return 0;
	while ((option = getopt(argc, argv, "c:d:n:r:")) != -1) {
		unsigned int number = option == '?' ? 0 : strtoul(optarg, NULL, 10);

		if (option == 'd')
			depth = number;
		else if (option == 'c' && number)
			request.region = number;
		else if (option == 'n' && number)
			request.iterations = number;
		else if (option == 'r' && number)
			request.repetitions = number;
		else
			usage();
	}
	if (optind >= argc)
		usage();
	what = argv[optind++];
	if (!strcmp(what, "sites")) {
		for (; optind < argc; optind++)
			mark(strtoull(argv[optind], NULL, 16));
		return 0;
	}
	if (optind + 1 == argc && !strcmp(what, "crowd"))
		return crowd_main(strtoul(argv[optind], NULL, 10));
	if (optind + 1 == argc && !strcmp(what, "device"))
		return device_lines(strtoul(argv[optind], NULL, 10), request.repetitions);
	if (optind != argc)
		usage();
	request.line = find_line(process_lines, what) ?: find_line(audit_lines, what);
	if (!request.line)
		usage();
	if (!request.iterations)
		request.iterations = request.line->iterations;
	/* what is counted exactly does not have to be done as often */
	if (request.region)
		request.iterations = (request.iterations + 4) / 5;
	return place(depth, measure, &request);
}
