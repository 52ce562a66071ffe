// SPDX-License-Identifier: GPL-2.0
/*
 * scatter WAY: a process of two threads in a mount namespace of its own. At SIGUSR1 one of
 * them goes to another new mount namespace alone:
 *   sleep   the second thread; the leader sleeps
 *   exit    the second thread; the leader has exited
 *   leader  the leader; the second thread sleeps
 *   fork    the second thread, which makes a child there, and goes on to a third one
 *   back    the second thread, which comes back at another SIGUSR1
 *   born    the second thread, which makes a third one there, and exits; that stays
 *   forks   the same; the third makes a child
 *   execs   the same; the third executes "sleep 1000"
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

static sigset_t usr1;
static pthread_t second;

static void __attribute__((noreturn)) stay(void)
{
	for (;;)
		pause();
}

static void go_elsewhere(void)
{
	if (unshare(CLONE_NEWNS))
		perror("unshare");
}

/* One that a thread has made which was somewhere alone, and is gone. */
static void *outlive(void *way)
{
	pthread_join(second, NULL);
	if (!strcmp(way, "execs")) {
		execlp("sleep", "sleep", "1000", NULL);
		perror("sleep");
	}
	if (!strcmp(way, "forks") && !fork()) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		stay();
	}
	stay();
}

static void *leave(void *way)
{
	pthread_t third;
	int got, home = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);

	sigwait(&usr1, &got);
	go_elsewhere();
	if (!strcmp(way, "back")) {
		sigwait(&usr1, &got);
		if (setns(home, CLONE_NEWNS))
			perror("setns");
	}
	if (!strcmp(way, "fork")) {
		if (!fork()) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			stay();
		}
		go_elsewhere();
	}
	if (!strcmp(way, "born") || !strcmp(way, "forks") || !strcmp(way, "execs")) {
		second = pthread_self();
		if (!pthread_create(&third, NULL, outlive, way))
			return NULL;
		perror("pthread_create");
	}
	stay();
}

static void *rest(void *unused)
{
	(void)unused;
	stay();
}

int main(int argc, char **argv)
{
	pthread_t thread;
	bool leads;

	if (argc != 2) {
		fputs("usage: scatter sleep|exit|leader|fork|back|born|forks|execs\n", stderr);
		return 2;
	}
	leads = !strcmp(argv[1], "leader");
	sigemptyset(&usr1);
	sigaddset(&usr1, SIGUSR1);
	sigprocmask(SIG_BLOCK, &usr1, NULL);
	if (unshare(CLONE_NEWNS) || pthread_create(&thread, NULL, leads ? rest : leave, argv[1])) {
		perror("scatter");
		return 1;
	}
	if (!strcmp(argv[1], "exit"))
		pthread_exit(NULL);
	if (leads)
		leave(argv[1]);
	stay();
}
