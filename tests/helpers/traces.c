// SPDX-License-Identifier: GPL-2.0
/* traces PID: stops a process as a tracer does, says so and lets it go. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

int main(int argc, char **argv)
{
	pid_t pid = argc == 2 ? atoi(argv[1]) : 0;
	int status;

	if (!pid)
		return 2;
	if (ptrace(PTRACE_SEIZE, pid, 0, 0) || ptrace(PTRACE_INTERRUPT, pid, 0, 0)) {
		perror("ptrace");
		return 1;
	}
	if (waitpid(pid, &status, __WALL) != pid || !WIFSTOPPED(status))
		return 1;
	puts("stopped");
	return ptrace(PTRACE_DETACH, pid, 0, 0) ? 1 : 0;
}
