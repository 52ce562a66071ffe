// SPDX-License-Identifier: GPL-2.0
/*
 * race pidfd|pid ROUNDS: in each round a process is registered, by what named
 * it when it lived, while it exits and another one gets its number. Fails if
 * the answer of the ioctl and what the second one carries do not fit together.
 *
 * race threads ROUNDS: in each round a process of four threads, registered as a
 * container of its own, ends by all of them exiting at once.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/audit_contid.h>
#include <pthread.h>
#include <stdbool.h>
#include <sys/ioctl.h>

#include "process.h"

static int device;
static pthread_barrier_t barrier;
static struct audit_contid_register request;
static int answer;

static void number_contid(struct audit_contid *id, unsigned int n)
{
	static const struct audit_contid base = { .b = { 0xac, 0x1d } };

	*id = base;
	for (int i = 15; n; n >>= 8)
		id->b[i--] = n;
}

static unsigned int depth_of(int pidfd)
{
	struct audit_contid_get get = { .flags = AUDIT_CONTID_PIDFD, .target = pidfd };

	if (ioctl(device, AUDIT_CONTID_IOC_GET, &get))
		fail("get");
	return get.depth;
}

static void *register_thread(void *unused)
{
	for (;;) {
		pthread_barrier_wait(&barrier);
		if (!request.target)
			return unused;
		answer = ioctl(device, AUDIT_CONTID_IOC_REGISTER, &request) ? errno : 0;
		pthread_barrier_wait(&barrier);
	}
}

/* The successor lives until the pipe is closed. */
static pid_t make_successor(pid_t number, int *pidfd, int *gate)
{
	pid_t pid;
	char byte;

	if (pipe2(gate, O_CLOEXEC))
		fail("pipe");
	pid = child_numbered(number, pidfd);
	if (!pid) {
		close(gate[1]);
		_exit(read(gate[0], &byte, 1));
	}
	close(gate[0]);
	return pid;
}

static int race_with_reuse(unsigned int rounds, uint32_t flag)
{
	unsigned int answers[3] = { 0 };
	pthread_t thread;

	if (pthread_barrier_init(&barrier, NULL, 2) ||
	    pthread_create(&thread, NULL, register_thread, NULL))
		fail("pthread");
	for (unsigned int n = 1; n <= rounds; n++) {
		int first_fd, second_fd, gate[2], go[2];
		struct clone_args args = {
			.flags = CLONE_PIDFD,
			.pidfd = (uintptr_t)&first_fd,
			.exit_signal = SIGCHLD,
		};
		pid_t first, second;
		bool hit;
		char byte;

		if (pipe2(go, O_CLOEXEC))
			fail("pipe");
		first = clone3_child(&args);
		if (!first) {
			close(go[1]);
			_exit(read(go[0], &byte, 1));
		}
		close(go[0]);
		request.flags = flag;
		request.target = flag == AUDIT_CONTID_PIDFD ? first_fd : first;
		number_contid(&request.contid, n);
		if (n % 3 == 0) {
			/* the first is surely gone */
			close(go[1]);
			status_of(first);
		}
		pthread_barrier_wait(&barrier);
		if (n % 3) {
			/* later and later */
			for (volatile unsigned int spin = n * 50; spin; spin--)
				;
			close(go[1]);
			status_of(first);
		}
		second = make_successor(first, &second_fd, gate);
		if (second != first)
			fail("another number");
		pthread_barrier_wait(&barrier);
		hit = depth_of(second_fd);
		if (answer && answer != ESRCH) {
			fprintf(stderr, "round %u: %s\n", n, strerror(answer));
			return 1;
		}
		if (hit && (answer || flag == AUDIT_CONTID_PIDFD)) {
			fprintf(stderr, "round %u: the successor was hit (%d)\n", n, answer);
			return 1;
		}
		answers[answer ? 0 : hit ? 2 : 1]++;
		close(gate[1]);
		status_of(second);
		close(first_fd);
		close(second_fd);
	}
	request.target = 0;
	pthread_barrier_wait(&barrier);
	pthread_join(thread, NULL);
	printf("none %u first %u second %u\n", answers[0], answers[1], answers[2]);
	return 0;
}

static void *exit_at_once(void *unused)
{
	pthread_barrier_wait(&barrier);
	syscall(SYS_exit, 0);
	return unused;
}

static void end_by_threads(int gate)
{
	pthread_t thread;
	char byte;

	if (read(gate, &byte, 1))
		_exit(125);
	if (pthread_barrier_init(&barrier, NULL, 4))
		_exit(125);
	for (int i = 0; i < 3; i++) {
		if (pthread_create(&thread, NULL, exit_at_once, NULL))
			_exit(125);
	}
	exit_at_once(NULL);
}

static int race_of_threads(unsigned int rounds)
{
	for (unsigned int n = 1; n <= rounds; n++) {
		int gate[2];

		if (pipe2(gate, O_CLOEXEC))
			fail("pipe");
		request.flags = AUDIT_CONTID_PID;
		number_contid(&request.contid, n);
		request.target = fork();
		if (request.target < 0)
			fail("fork");
		if (!request.target) {
			close(gate[1]);
			end_by_threads(gate[0]);
		}
		close(gate[0]);
		if (ioctl(device, AUDIT_CONTID_IOC_REGISTER, &request))
			fail("register");
		close(gate[1]);
		if (status_of(request.target))
			return 1;
	}
	return 0;
}

int main(int argc, char **argv)
{
	if (argc != 3)
		return 2;
	device = open(AUDIT_CONTID_DEVICE, O_RDWR | O_CLOEXEC);
	if (device < 0)
		fail(AUDIT_CONTID_DEVICE);
	if (!strcmp(argv[1], "pidfd"))
		return race_with_reuse(atoi(argv[2]), AUDIT_CONTID_PIDFD);
	if (!strcmp(argv[1], "pid"))
		return race_with_reuse(atoi(argv[2]), AUDIT_CONTID_PID);
	if (!strcmp(argv[1], "threads"))
		return race_of_threads(atoi(argv[2]));
	return 2;
}
