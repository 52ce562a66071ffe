// SPDX-License-Identifier: GPL-2.0
/*
 * spend FILE COMMAND...: run it, and write to FILE its time of the processor in
 * milliseconds, the most memory that it had in KiB, and with which status it has ended.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static long milliseconds(const struct timeval *time)
{
	return time->tv_sec * 1000 + time->tv_usec / 1000;
}

int main(int argc, char **argv)
{
	struct rusage usage;
	int status;
	pid_t child;
	FILE *to;

	if (argc < 3)
		return 2;
	child = fork();
	if (!child) {
		execvp(argv[2], argv + 2);
		perror(argv[2]);
		_exit(127);
	}
	if (child < 0 || wait4(child, &status, 0, &usage) < 0)
		return 1;
	to = fopen(argv[1], "w");
	if (!to)
		return 1;
	fprintf(to, "%ld %ld %d\n", milliseconds(&usage.ru_utime) + milliseconds(&usage.ru_stime),
		usage.ru_maxrss, WIFEXITED(status) ? WEXITSTATUS(status) : 128);
	return fclose(to) ? 1 : 0;
}
