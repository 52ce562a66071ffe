// SPDX-License-Identifier: GPL-2.0
/*
 * spawn METHOD[=ARGUMENT] TIMES COMMAND...: run a command in a child that was
 * made in a certain way, one after the other, and end with the last one's exit
 * status.
 *
 * unreaped prints the child's pid, never waits for it, and ends when its own
 * input does.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <spawn.h>

#include "process.h"

static char **command;
static const char *argument;

static void run(void)
{
	execvp(command[0], command);
	perror(command[0]);
	_exit(127);
}

static int by_fork(void)
{
	pid_t pid = fork();

	if (pid < 0)
		fail("fork");
	if (!pid)
		run();
	return status_of(pid);
}

static int by_vfork(void)
{
	pid_t pid = vfork();

	if (pid < 0)
		fail("vfork");
	if (!pid)
		run();
	return status_of(pid);
}

static int run_cloned(void *unused)
{
	(void)unused;
	run();
	return 127;
}

static int by_clone(void)
{
	static char stack[65536] __attribute__((aligned(16)));
	pid_t pid = clone(run_cloned, stack + sizeof(stack), SIGCHLD, NULL);

	if (pid < 0)
		fail("clone");
	return status_of(pid);
}

static int by_clone3(uint64_t flags, int cgroup)
{
	struct clone_args args = {
		.flags = flags,
		.exit_signal = SIGCHLD,
		.cgroup = cgroup,
	};
	pid_t pid = clone3_child(&args);

	if (!pid)
		run();
	return status_of(pid);
}

static int plain_clone3(void)
{
	return by_clone3(0, 0);
}

static int into_pid_namespace(void)
{
	return by_clone3(CLONE_NEWPID, 0);
}

static int into_cgroup(void)
{
	int fd = open(argument, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int status;

	if (fd < 0)
		fail(argument);
	status = by_clone3(CLONE_INTO_CGROUP, fd);
	close(fd);
	return status;
}

/* A sibling: the child of another process, whose status is not for us. */
static int by_clone_parent(void)
{
	struct pollfd end = { .events = POLLIN };
	struct clone_args args = {
		.flags = CLONE_PARENT | CLONE_PIDFD,
		.pidfd = (uintptr_t)&end.fd,
	};

	if (!clone3_child(&args))
		run();
	if (poll(&end, 1, -1) != 1)
		fail("poll");
	close(end.fd);
	return 0;
}

static int by_posix_spawn(void)
{
	pid_t pid;

	errno = posix_spawnp(&pid, command[0], NULL, NULL, command, environ);
	if (errno)
		fail("posix_spawnp");
	return status_of(pid);
}

static void *fork_in_thread(void *status)
{
	*(int *)status = by_fork();
	return NULL;
}

static int by_thread(void)
{
	pthread_t thread;
	int status;

	if (pthread_create(&thread, NULL, fork_in_thread, &status))
		fail("pthread_create");
	pthread_join(thread, NULL);
	return status;
}

/* A daemon's parent is gone; the pipe shows when it is gone itself. */
static int by_daemon(void)
{
	int gone[2];
	pid_t pid;
	char byte;

	if (pipe(gone))
		fail("pipe");
	pid = fork();
	if (pid < 0)
		fail("fork");
	if (!pid) {
		close(gone[0]);
		setsid();
		pid = fork();
		if (pid < 0)
			fail("fork");
		if (pid)
			_exit(0);
		while (getppid() != 1)
			sched_yield();
		run();
	}
	close(gone[1]);
	if (status_of(pid))
		return 125;
	if (read(gone[0], &byte, 1))
		return 125;
	close(gone[0]);
	return 0;
}

static int numbered(void)
{
	pid_t pid = child_numbered(atoi(argument), NULL);

	if (!pid)
		run();
	return status_of(pid);
}

static int unreaped(void)
{
	pid_t pid;
	char byte;

	pid = fork();
	if (pid < 0)
		fail("fork");
	if (!pid)
		run();
	printf("%d\n", pid);
	fflush(stdout);
	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
	return 0;
}

static const struct {
	const char *name;
	int (*spawn)(void);
} methods[] = {
	{ "fork", by_fork },
	{ "vfork", by_vfork },
	{ "clone", by_clone },
	{ "clone3", plain_clone3 },
	{ "clone_parent", by_clone_parent },
	{ "cgroup", into_cgroup },
	{ "pid_namespace", into_pid_namespace },
	{ "posix_spawn", by_posix_spawn },
	{ "thread", by_thread },
	{ "daemon", by_daemon },
	{ "number", numbered },
	{ "unreaped", unreaped },
};

int main(int argc, char **argv)
{
	size_t name_len = argc > 1 ? strcspn(argv[1], "=") : 0;
	int status = 0;

	if (argc < 4)
		return 2;
	if (argv[1][name_len])
		argument = argv[1] + name_len + 1;
	command = argv + 3;
	for (size_t i = 0; i < sizeof(methods) / sizeof(*methods); i++) {
		if (strlen(methods[i].name) != name_len ||
		    strncmp(methods[i].name, argv[1], name_len))
			continue;
		for (int n = atoi(argv[2]); n > 0; n--)
			status = methods[i].spawn();
		return status;
	}
	return 2;
}
