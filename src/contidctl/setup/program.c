// SPDX-License-Identifier: GPL-2.0
#include <fcntl.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "program.h"

static bool run(const char *const *argv, bool silent)
{
	int status = -1, fd;
	pid_t child;

	fflush(stdout);
	child = fork();
	if (!child) {
		fd = silent ? open("/dev/null", O_WRONLY | O_CLOEXEC) : -1;
		if (fd >= 0)
			dup2(fd, STDOUT_FILENO);
		execvp(argv[0], (char *const *)argv);
		_exit(127);
	}
	return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) &&
	       !WEXITSTATUS(status);
}

/**
 * program_run - run a program and wait for its end
 * @argv: its name, its arguments and NULL
 *
 * Return: did it end with 0?
 */
bool program_run(const char *const *argv)
{
	return run(argv, false);
}

/** program_run_silent - likewise, without what it prints beside errors */
bool program_run_silent(const char *const *argv)
{
	return run(argv, true);
}
