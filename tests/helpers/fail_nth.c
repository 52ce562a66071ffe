// SPDX-License-Identifier: GPL-2.0
/*
 * fail_nth WHAT [FILE]: do it again and again, and let its first allocation fail,
 * then its second, and so on, until there is none left that could. Which ones
 * count is set in /sys/kernel/debug/failslab. Prints a line "N ERRNO" each, and
 * what is wrong; it ends with 1 then.
 *
 *   register join tree list stats  the ioctls
 *   fork     in a container; what is born there carries its label, or is killed
 *   enter    a container's mount namespace; the process, likewise
 *   load     the module in FILE
 *
 * fail_nth reserve: all allocations fail that failslab's task-filter lets fail, until
 * the reserve is gone; prints "born N killed N". In a container, too.
 *
 * fail_nth stock: likewise while a tree is registered that has more members than there
 * are entries at hand and in the reserve; prints "ERRNO carrying N of N".
 */
#define _GNU_SOURCE
#include <sched.h>
#include <sys/prctl.h>

#include "oracle.h"

#define FAILURES_MAX 500
#define TREE	     70 /* more than a tree's walk has entries at hand */
#define CHILDREN     400 /* more than that, and the module's reserve */

static int device = -1, nth;
static bool wrong;
static const struct expected host, contained = { .labelled = true, .id.b = { 0xfa, 0x11 } },
				   other = { .labelled = true, .id.b = { 0xfa, 0x12 } };

static void fail_at(int n)
{
	char text[16];

	if (pwrite(nth, text, snprintf(text, sizeof(text), "%d", n), 0) < 0)
		fail("fail-nth");
}

/* Did it come to that failure? None is left to come from here on. */
static bool failed(void)
{
	char text[16] = "";

	if (pread(nth, text, sizeof(text) - 1, 0) < 0)
		fail("fail-nth");
	fail_at(0);
	return !atoi(text);
}

static void bad(const char *what, int n)
{
	printf("wrong: %s, at allocation %d\n", what, n);
	wrong = true;
}

/* -1 if it is dead */
static int is(pid_t pid, const struct expected *expected)
{
	struct audit_contid_get get = { .flags = AUDIT_CONTID_PID, .target = pid };

	if (ioctl(device, AUDIT_CONTID_IOC_GET, &get))
		return -1;
	return carries(&get, expected);
}

static void end(pid_t pid)
{
	kill(pid, SIGKILL);
	status_of(pid);
}

static int do_register(pid_t pid, const struct expected *as, unsigned int flags)
{
	struct audit_contid_register arg = {
		.flags = AUDIT_CONTID_PID | flags,
		.target = pid,
		.contid = as->id,
	};

	return ioctl(device, AUDIT_CONTID_IOC_REGISTER, &arg) ? errno : 0;
}

static int one_register(int n, bool *came, unsigned int flags)
{
	pid_t pid = fork_waiting(), first = 0;
	int err;

	if (flags & AUDIT_CONTID_JOIN) {
		first = fork_waiting();
		if (do_register(first, &contained, 0))
			fail("register");
	}
	fail_at(n);
	err = do_register(pid, &contained, flags);
	*came = failed();
	if (is(pid, err ? &host : &contained) != 1)
		bad("what the target carries", n);
	end(pid);
	if (first)
		end(first);
	return err;
}

static int try_register(int n, bool *came)
{
	return one_register(n, came, 0);
}

static int try_join(int n, bool *came)
{
	return one_register(n, came, AUDIT_CONTID_JOIN);
}

/* A process with children, which hold the other end of @gone until they have exited. */
struct tree {
	int count;
	int gone;
	pid_t pids[CHILDREN];
};

static struct tree tree;

static void tree_make(int count)
{
	ssize_t size = (count - 1) * sizeof(*tree.pids);
	int up[2];

	if (pipe2(up, O_CLOEXEC))
		fail("pipe");
	tree.count = count;
	tree.gone = up[0];
	tree.pids[0] = fork();
	if (tree.pids[0] < 0)
		fail("fork");
	if (!tree.pids[0]) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (int i = 1; i < count; i++)
			tree.pids[i] = fork_waiting();
		if (write(up[1], &tree.pids[1], size) != size)
			_exit(1);
		for (;;)
			pause();
	}
	close(up[1]);
	if (read(up[0], &tree.pids[1], size) != size)
		fail("read");
}

static void tree_end(void)
{
	char byte;

	end(tree.pids[0]);
	while (read(tree.gone, &byte, 1) > 0)
		;
	close(tree.gone);
	tree.count = 0;
}

/* How many of them live, and carry it. */
static int tree_carrying(const struct expected *expected)
{
	int count = 0;

	for (int i = 0; i < tree.count; i++)
		count += is(tree.pids[i], expected) == 1;
	return count;
}

/*
 * All of them or, if it fails, none; and nobody is killed for it. A tree that was
 * refused is as it was, and is tried again.
 */
static int try_tree(int n, bool *came)
{
	int err;

	if (!tree.count)
		tree_make(TREE);
	fail_at(n);
	err = do_register(tree.pids[0], &contained, AUDIT_CONTID_TREE);
	*came = failed();
	if (tree_carrying(err ? &host : &contained) != tree.count)
		bad("what one of the tree carries", n);
	if (!err)
		tree_end();
	return err;
}

static int try_list(int n, bool *came)
{
	struct audit_contid_container room[4];
	struct audit_contid_list list = { .buffer = (uintptr_t)room, .count = 4 };
	int err;

	fail_at(n);
	err = ioctl(device, AUDIT_CONTID_IOC_LIST, &list) ? errno : 0;
	*came = failed();
	return err;
}

static int try_stats(int n, bool *came)
{
	struct audit_contid_probe room[16];
	struct audit_contid_stats stats = { .buffer = (uintptr_t)room, .count = 16 };
	int err;

	fail_at(n);
	err = ioctl(device, AUDIT_CONTID_IOC_STATS, &stats) ? errno : 0;
	*came = failed();
	return err;
}

/* By a contained process. */
static int try_fork(int n, bool *came)
{
	int status, err;
	pid_t pid;

	fail_at(n);
	pid = fork();
	if (!pid)
		_exit(is(getpid(), &contained) == 1 ? 0 : 1);
	err = pid < 0 ? errno : 0;
	*came = failed();
	if (err)
		return err;
	status = status_of(pid);
	if (status && status != 128 + SIGKILL)
		bad("what a child carries", n);
	return status ? ESRCH : 0;
}

static void make_it_fail(const char *yes)
{
	int fd = open("/proc/self/make-it-fail", O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, yes, 1) != 1)
		fail("make-it-fail");
	close(fd);
}

static int use_up_reserve(void)
{
	char *seen =
		mmap(NULL, CHILDREN, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int born = 0, killed = 0, status;
	pid_t pids[CHILDREN];

	if (seen == MAP_FAILED)
		fail("mmap");
	make_it_fail("1");
	for (int i = 0; i < CHILDREN; i++) {
		pids[i] = fork();
		if (!pids[i]) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			seen[i] = is(getpid(), &contained) == 1 ? 1 : 2;
			for (;;)
				pause();
		}
	}
	make_it_fail("0");
	for (int i = 0; i < CHILDREN; i++) {
		if (pids[i] < 0)
			continue;
		/* it has run, or it has been killed before it could */
		while (!seen[i] && waitpid(pids[i], &status, WNOHANG) != pids[i])
			sched_yield();
		born += !!seen[i];
		killed += !seen[i];
		if (seen[i] == 2)
			bad("what a child carries", i);
		if (seen[i])
			end(pids[i]);
	}
	printf("born %d killed %d\n", born, killed);
	return wrong;
}

/* A tree of which many members get their entries after the walk that has met them. */
static int use_up_stock(void)
{
	int err;

	tree_make(CHILDREN);
	make_it_fail("1");
	err = do_register(tree.pids[0], &contained, AUDIT_CONTID_TREE);
	make_it_fail("0");
	printf("%s carrying %d of %d\n", err ? strerrorname_np(err) : "0",
	       tree_carrying(&contained), tree.count);
	tree_end();
	return 0;
}

/* A container that has a mount namespace, and a host process that enters. */
static int try_enter(int n, bool *came)
{
	int up[2], there, status;
	char path[64], byte;
	pid_t first, pid;

	if (pipe2(up, O_CLOEXEC))
		fail("pipe");
	first = fork();
	if (!first) {
		if (unshare(CLONE_NEWNS) || write(up[1], "", 1) < 0)
			_exit(1);
		for (;;)
			pause();
	}
	if (read(up[0], &byte, 1) != 1 || do_register(first, &other, 0))
		fail("container");
	snprintf(path, sizeof(path), "/proc/%d/ns/mnt", first);
	there = open(path, O_RDONLY | O_CLOEXEC);
	pid = fork();
	if (!pid) {
		nth = open("/proc/thread-self/fail-nth", O_RDWR);
		fail_at(n);
		if (setns(there, CLONE_NEWNS))
			_exit(2);
		_exit((is(getpid(), &other) == 1 ? 0 : 1) | (failed() ? 4 : 0));
	}
	status = status_of(pid);
	*came = status & 4 || status == 128 + SIGKILL;
	if (status & 3 && status != 128 + SIGKILL)
		bad("what a process that has entered carries", n);
	end(first);
	close(there);
	close(up[0]);
	close(up[1]);
	return status == 128 + SIGKILL ? ESRCH : 0;
}

static int module = -1;

static int try_load(int n, bool *came)
{
	int err;

	fail_at(n);
	err = syscall(SYS_finit_module, module, "", 0) ? errno : 0;
	*came = failed();
	if (!err && syscall(SYS_delete_module, "audit_contid", O_NONBLOCK))
		bad("it cannot be unloaded", n);
	return err;
}

static const struct {
	const char *name;
	int (*attempt)(int n, bool *came);
} all[] = {
	{ "register", try_register }, { "join", try_join },   { "tree", try_tree },
	{ "list", try_list },	      { "stats", try_stats }, { "enter", try_enter },
	{ "load", try_load },
};

static int run(int (*attempt)(int n, bool *came))
{
	bool came = true;

	nth = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
	if (nth < 0)
		fail("fail-nth");
	/* of the many allocations for a tree's members one in eight is as good as each */
	for (int n = 1; came && n <= FAILURES_MAX; n += attempt == try_tree && n > 16 ? 8 : 1) {
		int err = attempt(n, &came);

		if (came)
			printf("%d %s\n", n, err ? strerrorname_np(err) : "0");
		else if (err)
			bad("it fails with nothing failing", n);
		fflush(stdout);
	}
	if (came)
		bad("no end", FAILURES_MAX);
	return wrong;
}

/* Become a process of a container that does it. */
static int run_contained(bool reserve)
{
	int go[2];
	char byte;
	pid_t pid;

	if (pipe2(go, O_CLOEXEC))
		fail("pipe");
	pid = fork();
	if (!pid) {
		if (read(go[0], &byte, 1) != 1)
			_exit(125);
		exit(reserve ? use_up_reserve() : run(try_fork));
	}
	if (do_register(pid, &contained, 0) || write(go[1], "", 1) != 1)
		fail("register");
	return status_of(pid);
}

int main(int argc, char **argv)
{
	if (argc < 2)
		return 2;
	if (argc == 3)
		module = open(argv[2], O_RDONLY | O_CLOEXEC);
	else
		device = open(AUDIT_CONTID_DEVICE, O_RDWR | O_CLOEXEC);
	if (module < 0 && device < 0)
		fail("open");
	if (!strcmp(argv[1], "reserve"))
		return run_contained(true);
	if (!strcmp(argv[1], "stock"))
		return use_up_stock();
	if (!strcmp(argv[1], "fork"))
		return run_contained(false);
	for (unsigned int i = 0; i < sizeof(all) / sizeof(*all); i++) {
		if (!strcmp(argv[1], all[i].name))
			return run(all[i].attempt);
	}
	return 2;
}
