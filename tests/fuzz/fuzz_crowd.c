// SPDX-License-Identifier: GPL-2.0
/*
 * The crowd: processes that others aim at while they fork in each way there is,
 * execute, lose their leader and die. Each looks at what it carries: that only ever
 * becomes more, and each child carries what its parent carried when it was made.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/sched.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fuzz.h"

#define KIDS  4 /* that one has at a time */
#define TRIES 2000 /* milliseconds that a tree may take to be labelled */

/**
 * struct self - a process of the crowd
 * @slot: its place
 * @device: open
 * @random: its own
 * @last: what it carried when it looked last
 * @kids: its children, zombies among them
 * @count: how many
 * @home: the mount namespace that it came from, -1 if it never left
 * @alone: it has one thread
 */
static struct self {
	unsigned int slot;
	int device;
	struct random random;
	struct audit_contid_get last;
	pid_t kids[KIDS];
	unsigned int count;
	int home;
	bool alone;
} self;

int label_get(int device, pid_t pid, struct audit_contid_get *label)
{
	*label = (struct audit_contid_get){ .flags = AUDIT_CONTID_PID, .target = pid };
	return ioctl(device, AUDIT_CONTID_IOC_GET, label) ? errno : 0;
}

/* Does the one carry what the other does, or something nested in that? */
bool label_is_within(const struct audit_contid_get *inner, const struct audit_contid_get *outer)
{
	return inner->depth >= outer->depth &&
	       !memcmp(inner->contid + (inner->depth - outer->depth), outer->contid,
		       outer->depth * sizeof(*outer->contid));
}

/* One that has entered a namespace may go back, and carries nothing then. */
static void look_at_self(struct audit_contid_get *label)
{
	int err = label_get(self.device, getpid(), label);

	if (err)
		wrong("%d cannot read its own: %s", getpid(), strerrorname_np(err));
	else if (!label_is_within(label, &self.last) &&
		 self.last.origin != AUDIT_CONTID_ORIGIN_ADOPTED)
		wrong("%d carried depth %u, origin %u, and now depth %u", getpid(), self.last.depth,
		      self.last.origin, label->depth);
	self.last = *label;
}

/* Nobody aims at a private one: it carries no more than its parent does in the end. */
static void look_at_child(pid_t pid, const struct audit_contid_get *before, bool is_private)
{
	struct audit_contid_get child, after;
	int tries = 0;

	if (label_get(self.device, pid, &child))
		return; /* it is dead */
	atomic_fetch_add(&shared->forks, 1);
	if (!label_is_within(&child, before))
		wrong("child %d of %d has depth %u, its parent had %u", pid, getpid(), child.depth,
		      before->depth);
	/* a tree may label the child first */
	while (is_private) {
		look_at_self(&after);
		if (label_is_within(&after, &child))
			return;
		if (++tries == TRIES) {
			wrong("child %d of %d has depth %u, its parent %u", pid, getpid(),
			      child.depth, after.depth);
			return;
		}
		usleep(1000);
	}
}

static void reap(void)
{
	for (unsigned int i = 0; i < self.count;) {
		/* not one's own: a sibling */
		if (!waitpid(self.kids[i], NULL, WNOHANG | __WALL))
			i++;
		else
			self.kids[i] = self.kids[--self.count];
	}
}

static int free_slot(void)
{
	int slot = below(&self.random, SLOTS), nobody = 0;

	return atomic_compare_exchange_strong(&shared->slot[slot], &nobody, -1) ? slot : -1;
}

/* What a new child does: it dies at once, or waits, or lives on in a place of its own. */
static void __attribute__((noreturn)) child_lives(int slot, bool waits, uint64_t seed)
{
	if (slot >= 0)
		crowd_begin(slot, seed);
	while (waits)
		pause();
	_exit(0);
}

static void make_child(void)
{
	static const unsigned long ways[] = { SIGCHLD, CLONE_PARENT | SIGCHLD, 0, SIGUSR1,
					      CLONE_VFORK | SIGCHLD };
	unsigned long flags = ways[below(&self.random, sizeof(ways) / sizeof(*ways))];
	bool waits = one_in(&self.random, 3) && !(flags & CLONE_VFORK);
	int slot = waits || flags & CLONE_VFORK ? -1 : free_slot();
	uint64_t seed = random_next(&self.random) | 1;
	struct audit_contid_get before;
	pid_t pid;

	look_at_self(&before);
	pid = syscall(SYS_clone, flags, 0, 0, 0, 0);
	if (!pid)
		child_lives(slot, waits, seed);
	if (slot >= 0)
		shared->slot[slot] = pid > 0 ? pid : 0;
	if (pid < 0)
		return;
	/*
	 * Without its leader the module does not know any more whether the process has
	 * entered a container's namespace: its children may be adopted.
	 */
	look_at_child(pid, &before, slot < 0 && !(flags & CLONE_PARENT) && self.alone);
	if (waits)
		kill(pid, SIGKILL);
	if (!(flags & CLONE_PARENT))
		self.kids[self.count++] = pid;
}

static void *thread_makes_child(void *unused)
{
	make_child();
	return unused;
}

static void make_child_by_thread(void)
{
	pthread_t thread;

	if (!pthread_create(&thread, NULL, thread_makes_child, NULL))
		pthread_join(thread, NULL);
}

/* The same again, in a new program. */
static void execute(void)
{
	char slot[16], seed[32], memory[16];
	char *argv[] = { "fuzz_ioctl", "crowd", memory, slot, seed, NULL };

	snprintf(slot, sizeof(slot), "%u", self.slot);
	snprintf(seed, sizeof(seed), "%#lx", random_next(&self.random) | 1);
	snprintf(memory, sizeof(memory), "%d", MEMORY_FD);
	execv("/proc/self/exe", argv);
}

static void *thread_executes(void *unused)
{
	execute();
	return unused;
}

static void execute_by_thread(void)
{
	pthread_t thread;

	if (!pthread_create(&thread, NULL, thread_executes, NULL))
		pthread_join(thread, NULL);
}

static void live(void);

static void *live_on(void *unused)
{
	live();
	return unused;
}

/* The leader ends, and is a zombie for as long as the thread goes on. */
static void lose_leader(void)
{
	pthread_t thread;

	if (!self.alone)
		return;
	self.alone = false;
	if (!pthread_create(&thread, NULL, live_on, NULL))
		syscall(SYS_exit, 0);
}

static void enter_namespace(void)
{
	pid_t pid = shared->slot[below(&self.random, SLOTS)];
	struct audit_contid_get label;
	char path[64];
	int fd;

	if (!shared->namespaces || !self.alone)
		return;
	look_at_self(&label);
	if (self.home < 0)
		self.home = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);
	if (one_in(&self.random, 3)) {
		unshare(CLONE_NEWNS);
	} else if (one_in(&self.random, 2)) {
		setns(self.home, CLONE_NEWNS);
	} else if (pid > 0) {
		snprintf(path, sizeof(path), "/proc/%d/ns/mnt", pid);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		setns(fd, CLONE_NEWNS);
		close(fd);
	}
	look_at_self(&label);
}

static void leave(void)
{
	shared->slot[self.slot] = 0;
	/* some with all threads at once, some by a signal */
	if (one_in(&self.random, 2))
		kill(getpid(), SIGKILL);
	_exit(0);
}

static void live(void)
{
	struct audit_contid_get label;

	for (;;) {
		if (self.count == KIDS)
			reap();
		switch (below(&self.random, 24)) {
		case 0 ... 7:
			if (self.count < KIDS)
				make_child();
			break;
		case 8 ... 9:
			if (self.count < KIDS)
				make_child_by_thread();
			break;
		case 10 ... 12:
			reap();
			break;
		case 13:
			execute();
			break;
		case 14:
			execute_by_thread();
			break;
		case 15:
			lose_leader();
			break;
		case 16 ... 17:
			enter_namespace();
			break;
		case 18:
			if (self.slot >= LEADERS)
				leave();
			break;
		case 19 ... 20:
			look_at_self(&label);
			break;
		default:
			usleep(below(&self.random, 3000));
		}
	}
}

/**
 * crowd_begin - be one of the crowd, for ever
 * @slot: the place that the maker has taken
 * @seed: of all that it does
 */
void crowd_begin(unsigned int slot, uint64_t seed)
{
	/* what the maker has open, and its threads, which are not here */
	if (self.device > STDERR_FILENO)
		close(self.device);
	if (self.home > STDERR_FILENO)
		close(self.home);
	signal(SIGUSR1, SIG_IGN);
	signal(SIGCHLD, SIG_DFL);
	self = (struct self){ .slot = slot, .random = { seed }, .home = -1, .alone = true };
	self.device = open_device();
	shared->slot[slot] = getpid();
	live();
	_exit(0);
}

/**
 * crowd_continues - is this program one of the crowd that has executed itself?
 * @argc: of main()
 * @argv: likewise
 *
 * Return: false if it is not; true if it cannot go on.
 */
bool crowd_continues(int argc, char **argv)
{
	if (argc != 5 || strcmp(argv[1], "crowd"))
		return false;
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED, atoi(argv[2]), 0);
	if (shared == MAP_FAILED)
		return true;
	crowd_begin(atoi(argv[3]), strtoull(argv[4], NULL, 0));
}
