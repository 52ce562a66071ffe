// SPDX-License-Identifier: GPL-2.0
/*
 * target KIND: processes to be registered. Prints one line of numbers, its own
 * first, once everything is as the kind says; then waits. All it made dies with it.
 *
 *   plain        PID: a process without children
 *   parent       PID CHILD
 *   thread-parent PID CHILD: of a thread that is not the leader
 *   zombie       PID CHILD: dead and not reaped
 *   leader-gone  PID CHILD TID: its leader is a zombie, the thread TID lives
 *   all-gone     PID CHILD: its leader went first, then its other thread
 *   group        PID NUMBER MEMBER: NUMBER is reaped, but a process group still
 *                has its number, so that no process can get it
 *   threads N    PID TID...: for each line on its input, each thread makes a
 *                child, and their numbers are printed
 *   children     PID: for each line on its input makes a child, prints its number;
 *                if the line is "reap", waits for a child instead
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define THREADS_MAX 64

static pthread_barrier_t begin, end;
static pid_t numbers[THREADS_MAX];

static void __attribute__((noreturn)) fail(const char *what)
{
	perror(what);
	exit(2);
}

static pid_t fork_bound(void)
{
	pid_t parent = getpid(), pid = fork();

	if (pid < 0)
		fail("fork");
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != parent)
			_exit(0);
	}
	return pid;
}

static pid_t fork_waiting(void)
{
	pid_t pid = fork_bound();

	if (!pid) {
		for (;;)
			pause();
	}
	return pid;
}

static pid_t gettid_now(void)
{
	return syscall(SYS_gettid);
}

static void wait_dead(pid_t pid)
{
	siginfo_t info;

	if (waitid(P_PID, pid, &info, WEXITED | WNOWAIT))
		fail("waitid");
}

static char state_of(pid_t pid)
{
	char path[64], text[512] = "", *end_of_name;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/stat", pid, pid);
	file = fopen(path, "r");
	if (!file || !fgets(text, sizeof(text), file))
		fail(path);
	fclose(file);
	end_of_name = strrchr(text, ')');
	return end_of_name ? end_of_name[2] : '?';
}

static void *wait_for_ever(void *fd)
{
	pid_t tid = gettid_now();

	if (write(*(int *)fd, &tid, sizeof(tid)) != sizeof(tid))
		fail("write");
	pause();
	return NULL;
}

static void *wait_for_leader(void *unused)
{
	while (state_of(getpid()) != 'Z')
		sched_yield();
	return unused;
}

/* Ends only its own thread; pthread_exit() would wait for nothing else either. */
static void __attribute__((noreturn)) leader_leaves(void)
{
	syscall(SYS_exit, 0);
	abort();
}

static void leader_gone(void)
{
	pid_t child, tid;
	pthread_t thread;
	int channel[2];

	if (pipe(channel))
		fail("pipe");
	child = fork_bound();
	if (!child) {
		if (pthread_create(&thread, NULL, wait_for_ever, &channel[1]))
			fail("pthread_create");
		leader_leaves();
	}
	if (read(channel[0], &tid, sizeof(tid)) != sizeof(tid))
		fail("read");
	while (state_of(child) != 'Z')
		sched_yield();
	printf("%d %d %d\n", getpid(), child, tid);
}

static void all_gone(void)
{
	pthread_t thread;
	pid_t child = fork_bound();

	if (!child) {
		if (pthread_create(&thread, NULL, wait_for_leader, NULL))
			fail("pthread_create");
		leader_leaves();
	}
	wait_dead(child);
	printf("%d %d\n", getpid(), child);
}

static void group(void)
{
	pid_t first = fork_waiting(), member = fork_waiting();

	if (setpgid(first, first) || setpgid(member, first) || kill(first, SIGKILL) ||
	    waitpid(first, NULL, 0) != first)
		fail("group");
	printf("%d %d %d\n", getpid(), first, member);
}

static void *forking_thread(void *arg)
{
	pid_t *number = arg;

	*number = gettid_now();
	do {
		pthread_barrier_wait(&end);
		pthread_barrier_wait(&begin);
		*number = fork_waiting();
	} while (*number);
	return NULL;
}

static void print_numbers(int first, int count)
{
	for (int i = first; i < count; i++)
		printf(" %d", numbers[i]);
	putchar('\n');
}

static void threads(int count)
{
	char line[64];
	pthread_t id;

	if (count < 1 || count > THREADS_MAX)
		fail("threads");
	pthread_barrier_init(&begin, NULL, count + 1);
	pthread_barrier_init(&end, NULL, count + 1);
	for (int i = 0; i < count; i++) {
		if (pthread_create(&id, NULL, forking_thread, &numbers[i]))
			fail("pthread_create");
	}
	pthread_barrier_wait(&end);
	printf("%d", getpid());
	print_numbers(0, count);
	while (fgets(line, sizeof(line), stdin)) {
		pthread_barrier_wait(&begin);
		pthread_barrier_wait(&end);
		print_numbers(0, count);
	}
}

static void *make_child(void *unused)
{
	numbers[0] = fork_waiting();
	pthread_barrier_wait(&end);
	pause();
	return unused;
}

static void thread_parent(void)
{
	pthread_t id;

	pthread_barrier_init(&end, NULL, 2);
	if (pthread_create(&id, NULL, make_child, NULL))
		fail("pthread_create");
	pthread_barrier_wait(&end);
	printf("%d %d\n", getpid(), numbers[0]);
}

static void children(void)
{
	char line[64];

	printf("%d\n", getpid());
	while (fgets(line, sizeof(line), stdin))
		printf("%d\n", strcmp(line, "reap\n") ? fork_waiting() : wait(NULL));
}

int main(int argc, char **argv)
{
	const char *kind = argc > 1 ? argv[1] : "";
	pid_t child;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (!strcmp(kind, "plain")) {
		printf("%d\n", getpid());
	} else if (!strcmp(kind, "parent")) {
		child = fork_waiting();
		printf("%d %d\n", getpid(), child);
	} else if (!strcmp(kind, "thread-parent")) {
		thread_parent();
	} else if (!strcmp(kind, "zombie")) {
		child = fork_bound();
		if (!child)
			_exit(0);
		wait_dead(child);
		printf("%d %d\n", getpid(), child);
	} else if (!strcmp(kind, "leader-gone")) {
		leader_gone();
	} else if (!strcmp(kind, "all-gone")) {
		all_gone();
	} else if (!strcmp(kind, "group")) {
		group();
	} else if (!strcmp(kind, "threads")) {
		threads(argc > 2 ? atoi(argv[2]) : 0);
	} else if (!strcmp(kind, "children")) {
		children();
	} else {
		fprintf(stderr, "target: no kind %s\n", kind);
		return 2;
	}
	for (;;)
		pause();
}
