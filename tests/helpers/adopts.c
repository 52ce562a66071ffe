// SPDX-License-Identifier: GPL-2.0
/*
 * adopts COMMAND...: run COMMAND as a child; be the subreaper of all that descends
 * from it, and end when none is left, with 0 if all have ended with 0.
 *
 * adopts orphan COMMAND...: run COMMAND in a grandchild whose parent is gone.
 */
#define _GNU_SOURCE
#include <sys/prctl.h>

#include "process.h"

static void __attribute__((noreturn)) run(char **command)
{
	execvp(command[0], command);
	fail(command[0]);
	abort();
}

static int orphan(char **command)
{
	pid_t parent = getpid(), pid = fork();

	if (pid < 0)
		fail("fork");
	if (pid)
		return 0;
	while (getppid() == parent)
		usleep(1000);
	run(command);
}

int main(int argc, char **argv)
{
	int status, failed = 0;
	pid_t pid;

	if (argc < 2)
		return 2;
	if (!strcmp(argv[1], "orphan"))
		return orphan(argv + 2);
	if (prctl(PR_SET_CHILD_SUBREAPER, 1))
		fail("prctl");
	pid = fork();
	if (pid < 0)
		fail("fork");
	if (!pid)
		run(argv + 1);
	while (wait(&status) > 0)
		failed |= status;
	return failed ? 1 : 0;
}
