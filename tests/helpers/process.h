/* SPDX-License-Identifier: GPL-2.0 */
/* What the helpers that make processes share. */
#ifndef HELPERS_PROCESS_H
#define HELPERS_PROCESS_H

#include <errno.h>
#include <linux/sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static inline void __attribute__((noreturn)) fail(const char *what)
{
	perror(what);
	exit(125);
}

/* A child made by clone3, which continues here, as a child of fork does. */
static inline pid_t clone3_child(struct clone_args *args)
{
	pid_t pid = syscall(SYS_clone3, args, sizeof(*args));

	if (pid < 0)
		fail("clone3");
	return pid;
}

/* A child with a number that may still be in use for a moment. */
static inline pid_t child_numbered(pid_t number, int *pidfd)
{
	struct clone_args args = {
		.flags = pidfd ? CLONE_PIDFD : 0,
		.pidfd = (uintptr_t)pidfd,
		.exit_signal = SIGCHLD,
		.set_tid = (uintptr_t)&number,
		.set_tid_size = 1,
	};
	pid_t pid;

	do {
		pid = syscall(SYS_clone3, &args, sizeof(args));
	} while (pid < 0 && errno == EEXIST);
	if (pid < 0)
		fail("clone3 with set_tid");
	return pid;
}

/* A child that does nothing, and dies with its parent. */
static inline pid_t fork_waiting(void)
{
	pid_t parent = getpid(), pid = fork();

	if (pid < 0)
		fail("fork");
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		/* it may have died before that */
		if (getppid() != parent)
			_exit(0);
		for (;;)
			pause();
	}
	return pid;
}

static inline int status_of(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0) {
		if (errno != EINTR)
			fail("waitpid");
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

#endif
