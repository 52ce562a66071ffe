// SPDX-License-Identifier: GPL-2.0
/*
 * orphans COUNT: a process with COUNT children, each of which has a child, is registered with
 * its tree. As soon as that has begun and waits for the handlers, all children exit at once, so
 * that no grandchild has an ancestor in the tree any more when it is looked for. Each carries
 * the contid all the same: prints how many do. Exit status: 0, or 1.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/audit_contid.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "process.h"

#define MOST 1000

static struct shared {
	atomic_int ready;
	pid_t grandchildren[MOST];
} * shared;
static int device, go[2], count;
static atomic_int registrar;
static atomic_bool over;
static pid_t root;
static const struct audit_contid contid = { { 0xe2, 0x0d, 1, 2, 3, 4, 0x40, 5, 0x80, 6 } };

/* A child that exits when the other end of the pipe is closed; its child stays. */
static void be_child(int place)
{
	pid_t pid = fork();
	char c;

	if (pid < 0)
		fail("fork");
	if (!pid) {
		shared->ready++;
		for (;;)
			pause();
	}
	shared->grandchildren[place] = pid;
	shared->ready++;
	if (read(go[0], &c, 1))
		fail("read");
	_exit(0);
}

static void __attribute__((noreturn)) be_root(void)
{
	close(go[1]);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (int i = 0; i < count; i++) {
		pid_t pid = fork();

		if (pid < 0)
			fail("fork");
		if (!pid)
			be_child(i);
	}
	for (;;)
		pause();
}

static void *registers(void *unused)
{
	struct audit_contid_register arg = {
		.contid = contid,
		.flags = AUDIT_CONTID_PID | AUDIT_CONTID_TREE,
		.target = root,
	};

	registrar = gettid();
	if (ioctl(device, AUDIT_CONTID_IOC_REGISTER, &arg))
		fail("register");
	over = true;
	return unused;
}

/*
 * The first thing that a registration waits for is that all handlers know of the tree. Before
 * 5.16 wchan may say 0 of a task that waits.
 */
static bool waits_for_handlers(void)
{
	static const char *const places[] = { "wchan", "stack" };
	char path[64], where[2048];
	int fds[2];

	while (!registrar)
		;
	for (int i = 0; i < 2; i++) {
		snprintf(path, sizeof(path), "/proc/self/task/%d/%s", registrar, places[i]);
		fds[i] = open(path, O_RDONLY | O_CLOEXEC);
	}
	for (int i = 0; !over; i = !i) {
		ssize_t got = pread(fds[i], where, sizeof(where), 0);

		if (got > 0 && memmem(where, got, "rcu", 3))
			return true;
	}
	return false;
}

static bool carries(pid_t pid)
{
	struct audit_contid_get arg = { .flags = AUDIT_CONTID_PID, .target = pid };

	if (ioctl(device, AUDIT_CONTID_IOC_GET, &arg))
		fail("get");
	return arg.depth == 1 && !memcmp(&arg.contid[0], &contid, sizeof(contid));
}

int main(int argc, char **argv)
{
	int carrying = 0;
	pthread_t thread;
	bool seen;

	count = argc == 2 ? atoi(argv[1]) : 0;
	if (count < 1 || count > MOST)
		return 125;
	device = open("/dev/audit_contid", O_RDWR | O_CLOEXEC);
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		      0);
	if (device < 0 || shared == MAP_FAILED || pipe2(go, O_CLOEXEC))
		fail("setup");
	root = fork();
	if (root < 0)
		fail("fork");
	if (!root)
		be_root();
	while (shared->ready < 2 * count)
		usleep(1000);
	if (pthread_create(&thread, NULL, registers, NULL))
		fail("pthread_create");
	seen = waits_for_handlers();
	close(go[1]);
	pthread_join(thread, NULL);
	for (int i = 0; i < count; i++) {
		carrying += carries(shared->grandchildren[i]);
		kill(shared->grandchildren[i], SIGKILL);
	}
	kill(root, SIGKILL);
	status_of(root);
	printf("%d of %d carry it\n", carrying, count);
	if (!seen)
		puts("the registration was not seen to wait");
	return !seen || carrying != count;
}
