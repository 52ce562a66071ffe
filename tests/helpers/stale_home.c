// SPDX-License-Identifier: GPL-2.0
/*
 * stale_home leave THREADS: a process leaves a mount namespace of its own, thread by thread,
 * each for another one, so that nobody is left in there. Prints "left", and stays.
 *
 * stale_home enter COUNT: one process after the other makes a mount namespace, and another
 * one enters that. One of them may be where the one that was left was. Prints "entered",
 * and all stay until the first one is ended.
 *
 * stale_home trees COUNT: likewise, by open_tree() if the kernel makes namespaces so:
 * nobody is in there until the first one enters.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* since 6.20; returns a namespace, with a copy of the tree in it */
#ifndef OPEN_TREE_NAMESPACE
#define OPEN_TREE_NAMESPACE (1 << 1)
#endif

static pthread_barrier_t all;

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static void go_elsewhere(void)
{
	if (unshare(CLONE_NEWNS))
		fail("unshare");
}

static void *leave(void *unused)
{
	go_elsewhere();
	pthread_barrier_wait(&all);
	for (;;)
		pause();
	return unused;
}

static void leave_all(int threads)
{
	pthread_attr_t attr;
	pthread_t thread;

	/* this is the one that will be left */
	go_elsewhere();
	pthread_barrier_init(&all, NULL, threads + 1);
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, 65536);
	for (int i = 0; i < threads; i++) {
		if (pthread_create(&thread, &attr, leave, NULL))
			fail("pthread_create");
	}
	go_elsewhere();
	pthread_barrier_wait(&all);
}

/* A child that does so much, and stays. */
static pid_t child(int ns)
{
	int done[2];
	char byte;
	pid_t pid;

	if (pipe(done))
		fail("pipe");
	pid = fork();
	if (pid < 0)
		fail("fork");
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (ns < 0)
			go_elsewhere();
		else if (setns(ns, CLONE_NEWNS))
			fail("setns");
		close(done[0]);
		close(done[1]);
		for (;;)
			pause();
	}
	close(done[1]);
	if (read(done[0], &byte, 1))
		fail("read");
	close(done[0]);
	return pid;
}

static void enter_all(int count, bool trees)
{
	char path[64];
	int ns;

	while (count--) {
		ns = trees ? syscall(SYS_open_tree, AT_FDCWD, "/", OPEN_TREE_NAMESPACE) : -1;
		if (ns >= 0) {
			child(ns);
			close(ns);
			continue;
		}
		snprintf(path, sizeof(path), "/proc/%d/ns/mnt", child(-1));
		ns = open(path, O_RDONLY | O_CLOEXEC);
		if (ns < 0)
			fail(path);
		child(ns);
		close(ns);
	}
}

int main(int argc, char **argv)
{
	if (argc != 3)
		return 2;
	if (!strcmp(argv[1], "leave")) {
		leave_all(atoi(argv[2]));
		puts("left");
	} else {
		enter_all(atoi(argv[2]), !strcmp(argv[1], "trees"));
		puts("entered");
	}
	fflush(stdout);
	for (;;)
		pause();
}
