// SPDX-License-Identifier: GPL-2.0
/*
 * spawns COUNT PROGRAM: starts PROGRAM so many times, one after the other, by
 * fork, vfork and posix_spawn in turn. Static, to run in any container.
 */
#define _GNU_SOURCE
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static char *command[2], *none[1];

static void execute(void)
{
	execve(command[0], command, none);
	_exit(127);
}

static pid_t start(int how)
{
	pid_t child = -1;

	switch (how) {
	case 0:
		child = fork();
		if (!child)
			execute();
		break;
	case 1:
		child = vfork();
		if (!child)
			execute();
		break;
	default:
		if (posix_spawn(&child, command[0], NULL, NULL, command, none))
			return -1;
	}
	return child;
}

int main(int argc, char **argv)
{
	int status;

	if (argc != 3)
		return 2;
	command[0] = argv[2];
	for (int i = 0; i < atoi(argv[1]); i++) {
		pid_t child = start(i % 3);

		if (child < 0 || waitpid(child, &status, 0) < 0 || status)
			return 1;
	}
	return 0;
}
