// SPDX-License-Identifier: GPL-2.0
/*
 * churn NAME COUNT: make COUNT children and grandchildren, one after the other,
 * that call mkdir("/") under the process name NAME and die. Each second child
 * leaves an orphan behind, so that numbers come free in no order.
 */
#define _GNU_SOURCE
#include <sys/prctl.h>
#include <sys/stat.h>

#include "process.h"

static void leave_mark(void)
{
	mkdir("/", 0);
	_exit(0);
}

static pid_t fork_or_fail(void)
{
	pid_t pid = fork();

	if (pid < 0)
		fail("fork");
	return pid;
}

int main(int argc, char **argv)
{
	int gone[2];
	char byte;

	if (argc != 3 || prctl(PR_SET_NAME, argv[1]))
		return 2;
	for (int n = atoi(argv[2]); n > 0; n--) {
		pid_t pid;

		if (n % 2) {
			pid = fork_or_fail();
			if (!pid)
				leave_mark();
			status_of(pid);
			continue;
		}
		if (pipe(gone))
			fail("pipe");
		pid = fork_or_fail();
		if (!pid) {
			if (!fork_or_fail())
				leave_mark();
			_exit(0);
		}
		close(gone[1]);
		status_of(pid);
		/* the orphan's end of the pipe is the last one */
		if (read(gone[0], &byte, 1))
			return 125;
		close(gone[0]);
	}
	return 0;
}
