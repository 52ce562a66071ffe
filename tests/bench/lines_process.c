// SPDX-License-Identifier: GPL-2.0
/* What processes do all day. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "measure.h"

extern char **environ;

/* Known to take 2,000 instructions: shows what a nanosecond is. */
static void loop_once(void)
{
	unsigned long n = 1000;

#if defined(__x86_64__)
	__asm__ volatile("1: dec %0; jnz 1b" : "+r"(n));
#elif defined(__aarch64__)
	__asm__ volatile("1: subs %0, %0, #1; b.ne 1b" : "+r"(n) : : "cc");
#else
#error "no loop for this processor"
#endif
}

static void vfork_once(void)
{
	pid_t pid = vfork();

	if (pid < 0)
		fail("vfork");
	if (!pid)
		_exit(0);
	reap(pid);
}

static void fork_once(void)
{
	pid_t pid = fork();

	if (pid < 0)
		fail("fork");
	if (!pid)
		_exit(0);
	reap(pid);
}

static void spawn(char **argv)
{
	pid_t pid;

	if (posix_spawn(&pid, argv[0], NULL, NULL, argv, environ))
		fail("posix_spawn");
	if (reap(pid))
		fail(argv[0]);
}

static void spawn_once(void)
{
	char *argv[] = { "/bin/true", NULL };

	spawn(argv);
}

static char self[4096];

static void exec_prepare(void)
{
	ssize_t len = readlink("/proc/self/exe", self, sizeof(self) - 1);

	if (len < 0)
		fail("/proc/self/exe");
	self[len] = 0;
}

/* A static program that ends at once. */
static void exec_once(void)
{
	char *argv[] = { self, NOTHING, NULL };

	spawn(argv);
}

/* Ten programs, and the start of the shell itself. */
static void shell_once(void)
{
	char *argv[] = { "/bin/sh", "-c", "for i in 0 1 2 3 4 5 6 7 8 9; do /bin/true; done",
			 NULL };

	spawn(argv);
}

static void *thread(void *data)
{
	return data;
}

static void thread_once(void)
{
	pthread_t id;

	if (pthread_create(&id, NULL, thread, NULL) || pthread_join(id, NULL))
		fail("pthread");
}

static void getppid_once(void)
{
	syscall(SYS_getppid);
}

static void kill_prepare(void)
{
	signal(SIGUSR1, SIG_IGN);
}

/* One of the signals that would be recorded if it were for auditd. */
static void kill_once(void)
{
	if (kill(getpid(), SIGUSR1))
		fail("kill");
}

static int there[2], back[2];

static void switch_prepare(void)
{
	char byte;

	if (pipe(there) || pipe(back))
		fail("pipe");
	if (fork())
		return;
	close(there[1]);
	while (read(there[0], &byte, 1) == 1) {
		if (write(back[1], &byte, 1) != 1)
			_exit(1);
	}
	_exit(0);
}

/* To the other process and back. */
static void switch_once(void)
{
	char byte = 0;

	if (write(there[1], &byte, 1) != 1 || read(back[0], &byte, 1) != 1)
		fail("pipe");
}

static int namespaces[2];

/* A mount namespace of its own, with a process that stays in there. */
static int namespace_make(void)
{
	char path[64];
	pid_t pid;
	int fd;

	if (unshare(CLONE_NEWNS))
		fail("unshare");
	pid = fork();
	if (pid < 0)
		fail("fork");
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (;;)
			pause();
	}
	snprintf(path, sizeof(path), "/proc/%d/ns/mnt", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		fail(path);
	return fd;
}

static void setns_prepare(void)
{
	namespaces[0] = namespace_make();
	namespaces[1] = namespace_make();
}

/* To a mount namespace in which others live, and to the next. */
static void setns_once(void)
{
	if (setns(namespaces[0], CLONE_NEWNS) || setns(namespaces[1], CLONE_NEWNS))
		fail("setns");
}

const struct line process_lines[] = {
	{ "loop", 10000, NULL, loop_once },
	{ "vfork", 6000, NULL, vfork_once },
	{ "fork", 1500, NULL, fork_once },
	{ "spawn", 100, NULL, spawn_once },
	{ "exec", 200, exec_prepare, exec_once },
	{ "shell", 10, NULL, shell_once },
	{ "thread", 3000, NULL, thread_once },
	{ "getppid", 20000, NULL, getppid_once },
	{ "switch", 2000, switch_prepare, switch_once },
	{ "kill", 20000, kill_prepare, kill_once },
	{ "setns", 500, setns_prepare, setns_once },
	{ 0 },
};
