// SPDX-License-Identifier: GPL-2.0
/* aim HOW PID: reaches for PID by tgkill, pidfd or ptrace, and does it no harm. */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	long done = -1;
	pid_t pid;

	if (argc != 3)
		return 2;
	pid = atoi(argv[2]);
	if (!strcmp(argv[1], "tgkill"))
		done = syscall(SYS_tgkill, pid, pid, 0);
	else if (!strcmp(argv[1], "pidfd"))
		done = syscall(SYS_pidfd_send_signal, syscall(SYS_pidfd_open, pid, 0), 0, NULL, 0);
	else if (!strcmp(argv[1], "ptrace"))
		done = ptrace(PTRACE_SEIZE, pid, NULL, NULL);
	if (done < 0)
		perror(argv[1]);
	return done < 0;
}
