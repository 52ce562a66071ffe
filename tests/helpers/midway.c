// SPDX-License-Identifier: GPL-2.0
/*
 * midway WHAT ROUNDS: in each round a process is registered while it does something
 * that changes what it is:
 *
 *   forks       twenty children: if the registration succeeds all of them carry the
 *               contid, if it is EBUSY none does, and nor does the process
 *   execs       executes: it is registered, and carries the contid after it
 *   leaps       the same from a thread that is not the leader, beside another one
 *   exits       ends: the answer is OK or ESRCH, and the contid is free after that
 *   zombie      the same, and is not reaped before the contid is used again
 *
 * Prints how often the registration succeeded and how often not, and what is wrong.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/audit_contid.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>

#include "process.h"

#define CHILDREN 20

static struct shared {
	atomic_int begin, done;
	atomic_int children[CHILDREN];
} * shared;
static int device, wrong;
static char **self;

static void number_contid(struct audit_contid *id, int n)
{
	memset(id, 0xe0, sizeof(*id));
	memcpy(id->b, &n, sizeof(n));
}

static int enroll(pid_t pid, int n)
{
	struct audit_contid_register arg = { .flags = AUDIT_CONTID_PID, .target = pid };

	number_contid(&arg.contid, n);
	return ioctl(device, AUDIT_CONTID_IOC_REGISTER, &arg) ? errno : 0;
}

static bool carries(pid_t pid, int n)
{
	struct audit_contid_get arg = { .flags = AUDIT_CONTID_PID, .target = pid };
	struct audit_contid id;

	number_contid(&id, n);
	if (ioctl(device, AUDIT_CONTID_IOC_GET, &arg))
		fail("get");
	if (arg.depth && memcmp(&arg.contid[0], &id, sizeof(id)))
		wrong++;
	return arg.depth;
}

static void stay(void)
{
	shared->done = 1;
	for (;;)
		pause();
}

static pid_t fork_bound(void)
{
	pid_t parent = getpid(), pid = fork();

	if (pid < 0)
		fail("fork");
	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(0);
	return 0;
}

static void does_fork(void)
{
	for (int i = 0; i < CHILDREN; i++) {
		pid_t pid = fork_bound();

		while (!pid)
			pause();
		shared->children[i] = pid;
	}
	stay();
}

static void does_exec(void)
{
	execv("/proc/self/exe", self);
	fail("exec");
}

static void *does_exec_too(void *unused)
{
	does_exec();
	return unused;
}

static void *does_nothing(void *unused)
{
	for (;;)
		pause();
	return unused;
}

static void does_leap(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, does_nothing, NULL) ||
	    pthread_create(&thread, NULL, does_exec_too, NULL))
		fail("pthread_create");
	does_nothing(NULL);
}

static void does_exit(void)
{
	_exit(0);
}

static const struct {
	const char *name;
	void (*does)(void);
	bool lives;
} kinds[] = {
	{ "forks", does_fork, true },  { "execs", does_exec, true },   { "leaps", does_leap, true },
	{ "exits", does_exit, false }, { "zombie", does_exit, false },
};

static void look_at_living(pid_t pid, int n, int err)
{
	while (!shared->done)
		sched_yield();
	if ((err && err != EBUSY) || carries(pid, n) != !err)
		wrong++;
	for (int i = 0; i < CHILDREN && shared->children[i]; i++) {
		if (carries(shared->children[i], n) != !err)
			wrong++;
	}
}

/* The contid is free: another process can have it. */
static void look_at_dead(int n, int err)
{
	pid_t other = fork_bound();

	while (!other)
		pause();
	if ((err && err != ESRCH) || enroll(other, n) || !carries(other, n))
		wrong++;
	kill(other, SIGKILL);
	status_of(other);
}

static int one(unsigned int kind, int n)
{
	bool is_zombie = !strcmp(kinds[kind].name, "zombie");
	siginfo_t dead;
	int err;
	pid_t pid;

	memset(shared, 0, sizeof(*shared));
	pid = fork_bound();
	if (!pid) {
		while (!shared->begin)
			sched_yield();
		kinds[kind].does();
	}
	shared->begin = 1;
	/* sooner or later */
	for (volatile int wait = n % 40 * 500; wait; wait--)
		;
	err = enroll(pid, n);
	if (kinds[kind].lives)
		look_at_living(pid, n, err);
	else if (waitid(P_PID, pid, &dead, WEXITED | (is_zombie ? WNOWAIT : 0)))
		fail("waitid");
	else
		look_at_dead(n, err);
	if (kinds[kind].lives)
		kill(pid, SIGKILL);
	if (kinds[kind].lives || is_zombie)
		status_of(pid);
	return err;
}

int main(int argc, char **argv)
{
	char *again[] = { "midway", "again", NULL };
	int rounds = argc == 3 ? atoi(argv[2]) : 0, done = 0;
	unsigned int kind = 0;

	self = again;
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED, 100, 0);
	if (argc == 2 && !strcmp(argv[1], "again") && shared != MAP_FAILED)
		stay();
	while (kind < sizeof(kinds) / sizeof(*kinds) && strcmp(kinds[kind].name, argv[1]))
		kind++;
	if (!rounds || kind == sizeof(kinds) / sizeof(*kinds))
		return 2;
	if (dup2(memfd_create("midway", 0), 100) < 0 || ftruncate(100, sizeof(*shared)))
		fail("memfd_create");
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED, 100, 0);
	device = open(AUDIT_CONTID_DEVICE, O_RDWR | O_CLOEXEC);
	if (shared == MAP_FAILED || device < 0)
		fail(AUDIT_CONTID_DEVICE);
	for (int n = 1; n <= rounds; n++)
		done += !one(kind, n);
	printf("%d registered, %d not, %d wrong\n", done, rounds - done, wrong);
	return wrong ? 1 : 0;
}
