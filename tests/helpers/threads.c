// SPDX-License-Identifier: GPL-2.0
/*
 * threads exec FILE COMMAND...: three threads, of which one that is not the
 * leader executes this same program, a line on stdout each time, until FILE
 * exists; then COMMAND in the same way.
 *
 * threads leader: makes a child whose leader exits while another thread goes
 * on, and that no process waits for. Prints the child's pid as soon as its leader
 * is a zombie and the thread has called mkdir; at a line on stdin the thread
 * does so again and ends. Prints "gone" when the child is, and ends with stdin.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sys/stat.h>

#include "process.h"

static char **arguments;

static void *sleep_in_thread(void *unused)
{
	for (;;)
		pause();
	return unused;
}

static void *exec_in_thread(void *unused)
{
	char **to = access(arguments[2], F_OK) ? arguments : arguments + 3;

	if (to == arguments && write(STDOUT_FILENO, "exec\n", 5) != 5)
		fail("write");
	execvp(to[0], to);
	fail(to[0]);
	return unused;
}

static int exec_from_thread(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, sleep_in_thread, NULL) ||
	    pthread_create(&thread, NULL, exec_in_thread, NULL))
		fail("pthread_create");
	sleep_in_thread(NULL);
	return 0;
}

static void *outlive_leader(void *unused)
{
	char path[64], line[512], *state = NULL;
	FILE *stat;

	snprintf(path, sizeof(path), "/proc/self/task/%d/stat", getpid());
	do {
		stat = fopen(path, "r");
		if (stat && fgets(line, sizeof(line), stat))
			state = strrchr(line, ')');
		if (stat)
			fclose(stat);
	} while (!state || state[2] != 'Z');
	mkdir("/", 0);
	printf("%d\n", getpid());
	fflush(stdout);
	if (read(STDIN_FILENO, line, 1) != 1)
		_exit(1);
	mkdir("/", 0);
	syscall(SYS_exit, 0);
	return unused;
}

static int leader_exits_first(void)
{
	pthread_t thread;
	char byte;
	pid_t pid;

	/* the kernel reaps what its parent ignores */
	signal(SIGCHLD, SIG_IGN);
	pid = fork();
	if (pid < 0)
		fail("fork");
	if (!pid) {
		if (pthread_create(&thread, NULL, outlive_leader, NULL))
			fail("pthread_create");
		syscall(SYS_exit, 0);
	}
	/* ends with ECHILD when the last child is gone */
	while (waitpid(pid, NULL, 0) >= 0 || errno == EINTR)
		;
	puts("gone");
	fflush(stdout);
	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
	return 0;
}

int main(int argc, char **argv)
{
	arguments = argv;
	if (argc > 3 && !strcmp(argv[1], "exec"))
		return exec_from_thread();
	if (argc == 2 && !strcmp(argv[1], "leader"))
		return leader_exits_first();
	return 2;
}
