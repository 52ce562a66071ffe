// SPDX-License-Identifier: GPL-2.0
/*
 * contend WHAT THREADS ROUNDS: several orchestrators at the same time.
 *
 *   target   all register the same process, each as another container: one does
 *            it, the others get EEXIST, and it carries what that one gave it
 *   contid   each registers a process of its own, all with the same contid: one
 *            does it, the others get ENOTUNIQ
 *   end      half of them JOIN processes of their own to a container whose last
 *            process is killed by then: OK, and it carries the contid, or ENOENT
 *
 * Prints what is wrong, and "OK" if nothing is.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/audit_contid.h>

#include "process.h"

#define THREADS_MAX 32

static int device, threads;
static bool wrong;
static pthread_barrier_t begin, end;
static struct attempt {
	struct audit_contid_register arg;
	int err;
	pid_t kill; /* in place of the registration */
} attempts[THREADS_MAX];

static void reap(pid_t pid)
{
	kill(pid, SIGKILL);
	if (waitpid(pid, NULL, 0) != pid)
		fail("waitpid");
}

static void *orchestrator(void *arg)
{
	struct attempt *a = arg;

	for (;;) {
		pthread_barrier_wait(&begin);
		if (a->kill)
			a->err = kill(a->kill, SIGKILL) ? errno : 0;
		else
			a->err = ioctl(device, AUDIT_CONTID_IOC_REGISTER, &a->arg) ? errno : 0;
		pthread_barrier_wait(&end);
	}
	return NULL;
}

static void contid_number(struct audit_contid *id, int number)
{
	memset(id, 0, sizeof(*id));
	id->b[0] = 0xcd;
	id->b[15] = number;
}

static void attempt_set(int i, pid_t pid, int contid, unsigned int flags)
{
	memset(&attempts[i], 0, sizeof(attempts[i]));
	attempts[i].arg.flags = AUDIT_CONTID_PID | flags;
	attempts[i].arg.target = pid;
	contid_number(&attempts[i].arg.contid, contid);
}

static void go(void)
{
	pthread_barrier_wait(&begin);
	pthread_barrier_wait(&end);
}

static bool carries(pid_t pid, const struct audit_contid *id)
{
	struct audit_contid_get get = { .flags = AUDIT_CONTID_PID, .target = pid };

	if (ioctl(device, AUDIT_CONTID_IOC_GET, &get))
		fail("get");
	return get.depth == 1 && !memcmp(get.contid, id, sizeof(*id));
}

/* One did it, the others got @other. Returns which one. */
static int one_winner(int other)
{
	int winner = -1, winners = 0;

	for (int i = 0; i < threads; i++) {
		if (!attempts[i].err) {
			winner = i;
			winners++;
		} else if (attempts[i].err != other) {
			printf("%s\n", strerror(attempts[i].err));
			wrong = true;
		}
	}
	if (winners != 1) {
		printf("%d did it\n", winners);
		wrong = true;
	}
	return winner;
}

static void round_target(void)
{
	pid_t pid = fork_waiting();
	int winner;

	for (int i = 0; i < threads; i++)
		attempt_set(i, pid, i, 0);
	go();
	winner = one_winner(EEXIST);
	if (winner >= 0 && !carries(pid, &attempts[winner].arg.contid)) {
		puts("it carries what another one gave it");
		wrong = true;
	}
	reap(pid);
}

static void round_contid(void)
{
	for (int i = 0; i < threads; i++)
		attempt_set(i, fork_waiting(), 0, 0);
	go();
	one_winner(ENOTUNIQ);
	for (int i = 0; i < threads; i++) {
		if (carries(attempts[i].arg.target, &attempts[i].arg.contid) == !!attempts[i].err) {
			puts("one carries what it was refused, or not what it was given");
			wrong = true;
		}
		reap(attempts[i].arg.target);
	}
}

static void round_end(void)
{
	pid_t last = fork_waiting();

	attempt_set(0, last, 0, 0);
	if (ioctl(device, AUDIT_CONTID_IOC_REGISTER, &attempts[0].arg))
		fail("register");
	attempts[0].kill = last;
	for (int i = 1; i < threads; i++)
		attempt_set(i, fork_waiting(), 0, AUDIT_CONTID_JOIN);
	go();
	if (waitpid(last, NULL, 0) != last)
		fail("waitpid");
	for (int i = 1; i < threads; i++) {
		if (attempts[i].err && attempts[i].err != ENOENT) {
			printf("%s\n", strerror(attempts[i].err));
			wrong = true;
		}
		if (carries(attempts[i].arg.target, &attempts[i].arg.contid) == !!attempts[i].err) {
			puts("one carries what it was refused, or not what it was given");
			wrong = true;
		}
		reap(attempts[i].arg.target);
	}
}

int main(int argc, char **argv)
{
	const char *what = argc == 4 ? argv[1] : "";
	void (*round)(void) = NULL;
	pthread_t id;

	if (!strcmp(what, "target"))
		round = round_target;
	else if (!strcmp(what, "contid"))
		round = round_contid;
	else if (!strcmp(what, "end"))
		round = round_end;
	threads = round ? atoi(argv[2]) : 0;
	if (threads < 1 || threads > THREADS_MAX) {
		fprintf(stderr, "contend target|contid|end THREADS ROUNDS\n");
		return 2;
	}
	device = open(AUDIT_CONTID_DEVICE, O_RDWR);
	if (device < 0)
		fail(AUDIT_CONTID_DEVICE);
	pthread_barrier_init(&begin, NULL, threads + 1);
	pthread_barrier_init(&end, NULL, threads + 1);
	for (int i = 0; i < threads; i++) {
		if (pthread_create(&id, NULL, orchestrator, &attempts[i]))
			fail("pthread_create");
	}
	for (int i = atoi(argv[3]); i && !wrong; i--)
		round();
	if (!wrong)
		puts("OK");
	return wrong;
}
