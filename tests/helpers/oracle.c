// SPDX-License-Identifier: GPL-2.0
/*
 * oracle CONTID|- COUNTS SECONDS [NAMESPACE CONTID2]: make processes in every way
 * there is, one after the other, each of which asks the module what it carries and
 * compares that with what it must by descent: CONTID, or nothing (-). The counts
 * are added up in the file COUNTS. With NAMESPACE, a mount namespace of container
 * CONTID2, children also enter that and return.
 *
 * oracle many CONTID|- COUNTS NUMBER: make so many, only in ways that take no exec.
 *
 * oracle check CONTID|- COUNTS: only check itself, after an exec.
 *
 * It ends with 1 if a process was wrong, or has been made and never checked.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <time.h>

#include "oracle.h"

#define STORM 8
enum { NOT_YET, RIGHT, WRONG };

extern char **environ;

static const char *self = "/proc/self/exe";
static char *check_argv[6];
static struct expected expected, entered;
static const char *entrance;
static struct counts *counts;
static atomic_uint *slots; /* of the children of a storm: what they have found */
static int device;

static bool right(const struct expected *with, const char *when)
{
	struct audit_contid_get get = { .flags = AUDIT_CONTID_PID, .target = getpid() };
	int err = ioctl(device, AUDIT_CONTID_IOC_GET, &get) ? errno : 0;

	if (!err && carries(&get, with))
		return true;
	fprintf(stderr, "wrong: pid %d, %s: errno %d, depth %u, first byte %02x\n", getpid(), when,
		err, get.depth, get.contid[0].b[0]);
	return false;
}

static void compare(const struct expected *with, const char *when)
{
	if (!right(with, when))
		atomic_fetch_add(&counts->wrong, 1);
	atomic_fetch_add(&counts->checked, 1);
}

/* From fork and its like: count the child, and wait if there is none. */
static pid_t made(pid_t pid)
{
	if (pid > 0) {
		atomic_fetch_add(&counts->made, 1);
	} else if (pid < 0) {
		atomic_fetch_add(&counts->refused, 1);
		usleep(2000);
	}
	return pid;
}

static void reap(pid_t pid)
{
	if (pid > 0 && status_of(pid))
		atomic_fetch_add(&counts->wrong, 1);
}

static void child_checks(const char *when)
{
	compare(&expected, when);
	_exit(0);
}

static void by_fork(void)
{
	pid_t pid = made(fork());

	if (!pid)
		child_checks("fork");
	reap(pid);
}

static void by_vfork(void)
{
	pid_t pid = vfork();

	if (!pid) {
		execve(self, check_argv, environ);
		_exit(127);
	}
	reap(made(pid));
}

static void by_spawn(void)
{
	pid_t pid;

	if (posix_spawn(&pid, self, NULL, NULL, check_argv, environ))
		pid = -1;
	reap(made(pid));
}

/* A sibling, a child of main(). */
static void by_clone_parent(void)
{
	if (!made(syscall(SYS_clone, CLONE_PARENT | SIGCHLD, 0, 0, 0, 0)))
		child_checks("CLONE_PARENT");
}

static void by_pid_namespace(void)
{
	pid_t pid = made(syscall(SYS_clone, CLONE_NEWPID | SIGCHLD, 0, 0, 0, 0));

	if (!pid)
		child_checks("first of a PID namespace");
	reap(pid);
}

static void *thread_forks(void *unused)
{
	by_fork();
	return unused;
}

static void by_thread(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, thread_forks, NULL)) {
		made(-1);
		return;
	}
	pthread_join(thread, NULL);
}

static void *thread_execs(void *unused)
{
	execve(self, check_argv, environ);
	_exit(127);
	return unused;
}

/* The thread that execs takes the place of the leader. */
static void by_thread_exec(void)
{
	pthread_t thread;
	pid_t pid = made(fork());

	if (!pid) {
		if (!pthread_create(&thread, NULL, thread_execs, NULL))
			pthread_join(thread, NULL);
		child_checks("no thread");
	}
	reap(pid);
}

static void *thread_remains(void *unused)
{
	by_fork();
	child_checks("zombie leader");
	return unused;
}

/* The leader is a zombie while the process lives on. */
static void by_zombie_leader(void)
{
	pthread_t thread;
	pid_t pid = made(fork());

	if (!pid) {
		if (!pthread_create(&thread, NULL, thread_remains, NULL))
			syscall(SYS_exit, 0);
		child_checks("no thread");
	}
	reap(pid);
}

static void by_daemon(void)
{
	pid_t middle, pid = made(fork());

	if (!pid) {
		setsid();
		middle = getpid();
		if (!made(fork())) {
			while (getppid() == middle)
				sched_yield();
			child_checks("daemon");
		}
		child_checks("maker of a daemon");
	}
	reap(pid);
}

/* Each makes the next and dies. */
static void by_orphans(void)
{
	pid_t pid = made(fork());

	if (!pid) {
		for (int i = 0; i < 4; i++) {
			if (made(fork()))
				child_checks("maker of an orphan");
		}
		child_checks("orphan");
	}
	reap(pid);
}

static void by_storm(void)
{
	pid_t pids[STORM];

	for (int i = 0; i < STORM; i++) {
		slots[i] = NOT_YET;
		pids[i] = made(fork());
		if (!pids[i]) {
			slots[i] = right(&expected, "storm") ? RIGHT : WRONG;
			for (;;)
				pause();
		}
	}
	for (int i = rand() % 200; i; i--)
		sched_yield();
	for (int i = 0; i < STORM; i++) {
		if (pids[i] <= 0)
			continue;
		kill(pids[i], SIGKILL);
		status_of(pids[i]);
		atomic_fetch_add(slots[i] == NOT_YET ? &counts->ended : &counts->checked, 1);
		if (slots[i] == WRONG)
			atomic_fetch_add(&counts->wrong, 1);
	}
}

/* In, with a child that stays in, and back. */
static void by_entering(void)
{
	int home, there;
	pid_t pid;

	if (!entrance)
		return;
	pid = made(fork());
	if (pid) {
		reap(pid);
		return;
	}
	home = open("/proc/self/ns/mnt", O_RDONLY);
	there = open(entrance, O_RDONLY);
	if (home < 0 || there < 0 || setns(there, CLONE_NEWNS))
		_exit(3);
	if (!right(&entered, "in"))
		_exit(5);
	pid = made(fork());
	if (!pid) {
		compare(&entered, "born where its maker went");
		_exit(0);
	}
	reap(pid);
	if (setns(home, CLONE_NEWNS))
		_exit(4);
	child_checks("back");
}

static void (*const ways[])(void) = {
	by_fork,	by_vfork,	  by_spawn,  by_clone_parent, by_pid_namespace, by_thread,
	by_thread_exec, by_zombie_leader, by_daemon, by_orphans,      by_storm,		by_entering,
};

static void __attribute__((noreturn)) work(int seconds)
{
	time_t end = time(NULL) + seconds;

	while (time(NULL) < end) {
		for (unsigned int i = 0; i < sizeof(ways) / sizeof(*ways); i++)
			ways[i]();
	}
	_exit(0);
}

static void (*const quick_ways[])(void) = {
	by_fork, by_clone_parent, by_thread, by_daemon, by_orphans,
};

static void __attribute__((noreturn)) work_many(unsigned long number)
{
	while (counts->made < number) {
		for (unsigned int i = 0; i < sizeof(quick_ways) / sizeof(*quick_ways); i++)
			quick_ways[i]();
	}
	_exit(0);
}

int main(int argc, char **argv)
{
	static char number[16];
	bool many = argc == 5 && !strcmp(argv[1], "many");
	pid_t worker;
	int status;
	long lost;

	argc -= many;
	argv += many;
	if (argc < 4)
		return 2;
	if (!strcmp(argv[1], "check")) {
		device = argc == 5 ? atoi(argv[4]) : -1;
		expected = expected_of(argv[2]);
		counts = counts_map(argv[3]);
		child_checks("exec");
	}
	device = open(AUDIT_CONTID_DEVICE, O_RDWR);
	if (device < 0)
		fail(AUDIT_CONTID_DEVICE);
	snprintf(number, sizeof(number), "%d", device);
	expected = expected_of(argv[1]);
	counts = counts_map(argv[2]);
	if (argc == 6) {
		entrance = argv[4];
		entered = expected_of(argv[5]);
	}
	memcpy(check_argv, (char *[]){ argv[0], "check", argv[1], argv[2], number, NULL },
	       sizeof(check_argv));
	slots = mmap(NULL, STORM * sizeof(*slots), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (slots == MAP_FAILED)
		fail("mmap");
	/* all orphans become children of this one: it ends after the last of them */
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	worker = fork();
	if (worker < 0)
		fail("fork");
	if (!worker) {
		if (many)
			work_many(strtoul(argv[3], NULL, 10));
		work(atoi(argv[3]));
	}
	while (wait(&status) > 0 || errno == EINTR) {
		if (status)
			atomic_fetch_add(&counts->wrong, 1);
	}
	lost = counts->made - counts->checked - counts->ended;
	printf("made %lu checked %lu killed-before %lu refused %lu wrong %lu lost %ld\n",
	       counts->made, counts->checked, counts->ended, counts->refused, counts->wrong, lost);
	return counts->wrong || lost;
}
