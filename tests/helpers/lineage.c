// SPDX-License-Identifier: GPL-2.0
/*
 * lineage COUNT FILE: COUNT lines of descent in which each process forks the next
 * and exits, which orphans it: it becomes a child of the first process, which is
 * the subreaper. Every other child is a sibling of its maker (CLONE_PARENT). When FILE exists, the last of each line stays, in FILE.PID, for
 * the test to look at; none lives longer than two minutes.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static void live_on(const char *file)
{
	unsigned int generation = 0;
	char name[4096];

	while (access(file, F_OK)) {
		long flags = ++generation & 1 ? CLONE_PARENT | SIGCHLD : SIGCHLD;
		pid_t child = syscall(SYS_clone, flags, 0, 0, 0, 0);

		if (child > 0)
			_exit(0);
		if (child < 0)
			usleep(1000);
		alarm(900);
	}
	snprintf(name, sizeof(name), "%s.%d", file, getpid());
	close(open(name, O_CREAT | O_WRONLY, 0600));
	for (;;)
		pause();
}

int main(int argc, char **argv)
{
	if (argc != 3)
		return 2;
	signal(SIGCHLD, SIG_IGN);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	alarm(900);
	for (int i = atoi(argv[1]); i > 0; i--) {
		if (!fork())
			live_on(argv[2]);
	}
	for (;;)
		pause();
}
