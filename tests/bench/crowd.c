// SPDX-License-Identifier: GPL-2.0
/* Many processes that do nothing, each as small as the kernel can make one. */
#define _GNU_SOURCE
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "measure.h"

static int idle(void *data)
{
	(void)data;
	for (;;)
		syscall(SYS_ppoll, NULL, 0, NULL, NULL, 0);
	return 0;
}

/*
 * Start @count of them; their pids go to @pids unless that is NULL. They share all
 * that processes can share, and one stack: all of them write the same to it.
 */
pid_t crowd_add(unsigned int count, pid_t *pids)
{
	static char stack[16384] __attribute__((aligned(64)));
	const int flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | SIGCHLD;
	pid_t pid = 0;

	for (unsigned int i = 0; i < count; i++) {
		pid = clone(idle, stack + sizeof(stack), flags, NULL);
		if (pid < 0)
			fail("clone");
		if (pids)
			pids[i] = pid;
	}
	return pid;
}

/* Says "ready", and ends with all of them when its input does. */
int crowd_main(unsigned int count)
{
	char byte;

	if (setpgid(0, 0))
		fail("setpgid");
	crowd_add(count, NULL);
	puts("ready");
	fflush(stdout);
	while (read(0, &byte, 1) > 0)
		;
	signal(SIGCHLD, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	return kill(0, SIGKILL);
}
