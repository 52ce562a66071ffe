// SPDX-License-Identifier: GPL-2.0
/*
 * thread_enter WAY PID PROGRAM [ARGUMENT...]: a process of three threads, one of which
 * enters PID's mount namespace; then PROGRAM is run, and waited for:
 *
 *   leader-fork, leader-exec, leader-spawn   by the leader, which has entered
 *   thread-fork, thread-exec, thread-spawn   by another thread, which has entered
 *   other-exec    by a thread that has not entered
 *   other-fork    likewise
 *   gone-fork     by a thread that has not entered, after the leader, which has, is gone
 *   back-fork     by a thread that has entered and come back
 *   last-fork, last-exec    by the leader, which has entered, in a namespace that it has
 *                 made there when the others were gone
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static const char *who, *what;
static char **command;
static int inside, outside;
static sem_t entered;

static void fail(const char *problem)
{
	perror(problem);
	exit(1);
}

static void go(int ns)
{
	if (setns(ns, CLONE_NEWNS))
		fail("setns");
}

static void enter(void)
{
	if (unshare(CLONE_FS))
		fail("unshare");
	go(inside);
}

static void run(void)
{
	int status;
	pid_t pid;

	if (!strcmp(what, "exec")) {
		execvp(command[0], command);
		fail(command[0]);
	}
	if (!strcmp(what, "spawn")) {
		if (posix_spawnp(&pid, command[0], NULL, NULL, command, environ))
			fail("posix_spawn");
	} else {
		pid = fork();
		if (pid < 0)
			fail("fork");
		if (!pid) {
			execvp(command[0], command);
			fail(command[0]);
		}
	}
	if (waitpid(pid, &status, 0) != pid)
		fail("waitpid");
	exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
}

static void wait_for_leader(void)
{
	char path[64], line[256];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/self/task/%d/stat", getpid());
	do {
		file = fopen(path, "r");
		if (!file || !fgets(line, sizeof(line), file))
			fail(path);
		fclose(file);
	} while (!strstr(line, ") Z "));
}

static void *second(void *unused)
{
	if (!strcmp(who, "last"))
		return unused;
	if (!strcmp(who, "thread") || !strcmp(who, "back")) {
		enter();
		if (!strcmp(who, "back"))
			go(outside);
		run();
	}
	if (strcmp(who, "leader")) {
		sem_wait(&entered);
		if (!strcmp(who, "gone"))
			wait_for_leader();
		run();
	}
	for (;;)
		pause();
	return unused;
}

static void *third(void *unused)
{
	if (!strcmp(who, "last")) {
		sem_wait(&entered);
		return unused;
	}
	if (!strcmp(who, "other")) {
		enter();
		sem_post(&entered);
	}
	for (;;)
		pause();
	return unused;
}

int main(int argc, char **argv)
{
	pthread_t thread[2];
	char path[64];

	if (argc < 4 || !strchr(argv[1], '-')) {
		fputs("usage: thread_enter WAY PID PROGRAM [ARGUMENT...]\n", stderr);
		return 2;
	}
	who = strsep(&argv[1], "-");
	what = argv[1];
	command = argv + 3;
	snprintf(path, sizeof(path), "/proc/%s/ns/mnt", argv[2]);
	inside = open(path, O_RDONLY | O_CLOEXEC);
	outside = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);
	if (inside < 0 || outside < 0 || sem_init(&entered, 0, 0))
		fail(path);
	if (pthread_create(&thread[0], NULL, second, NULL) ||
	    pthread_create(&thread[1], NULL, third, NULL))
		fail("pthread_create");
	if (!strcmp(who, "leader")) {
		enter();
		run();
	}
	if (!strcmp(who, "last")) {
		enter();
		sem_post(&entered);
		if (pthread_join(thread[0], NULL) || pthread_join(thread[1], NULL))
			fail("pthread_join");
		if (unshare(CLONE_NEWNS))
			fail("unshare");
		run();
	}
	if (!strcmp(who, "gone")) {
		enter();
		sem_post(&entered);
		pthread_exit(NULL);
	}
	for (;;)
		pause();
}
