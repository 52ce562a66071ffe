// SPDX-License-Identifier: GPL-2.0
/*
 * contid_ioctl COMMAND [KEY=VALUE...]: one ioctl of /dev/audit_contid, with
 * whatever arguments. Prints "OK" and the result, or the errno's name and
 * number; exit status 0 for both, 2 if the attempt could not be made.
 *
 *   open, info, register, get, list, stats, release (after=N: the changes)
 *   raw      nr=NUMBER, on 16 KiB of zeros
 *
 * For all of them:
 *   fd=N              the device, open already
 *   at=null|kernel|edge|readonly  where the argument lies: edge puts its last
 *                     byte on a page that is not there
 *   poke=FROM-TO:BYTE once for each offset, with that byte of the argument changed
 * Targets, for register and get:
 *   pid=N|self|thread, pidfd=N|self, threadfd=TID, tfd=N|eventfd|epoll|dir
 *   flags=N           in place of those that words before it have set
 * register: contid=UUID, join, tree; list: room=N, after=N, buffer=bad; stats: buffer=bad
 *
 * contid_ioctl state PID...: all containers, and what these processes carry
 *
 * contid_ioctl keep-pidfd PID COMMAND...: run COMMAND with a pidfd as its fd 9
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/audit_contid.h>

#define PIDFD_OF_THREAD O_EXCL
#define GARBAGE		0xaa

static int device = -1;
static const char *at = "";
static unsigned int poke_from = 1, poke_to;
static unsigned char poke_byte;

static void __attribute__((noreturn)) fail(const char *what)
{
	perror(what);
	exit(2);
}

static void print_error(void)
{
	printf("%s %d\n", strerrorname_np(errno), errno);
}

static void contid_parse(const char *text, struct audit_contid *id)
{
	char digits[33] = "";
	size_t n = 0;

	for (; *text && n < 32; text++) {
		if (*text != '-')
			digits[n++] = *text;
	}
	for (n = 0; n < sizeof(id->b); n++) {
		char pair[3] = { digits[2 * n], digits[2 * n + 1] };

		id->b[n] = strtoul(pair, NULL, 16);
	}
}

static void contid_print(const struct audit_contid *id)
{
	for (size_t i = 0; i < sizeof(id->b); i++)
		printf("%s%02x", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "", id->b[i]);
}

/* Prints each byte that is not what it has to be: a leak, or out of bounds. */
static void all_are(const char *what, const void *from, size_t size, unsigned char byte)
{
	const unsigned char *p = from;

	for (size_t i = 0; i < size; i++) {
		if (p[i] != byte) {
			printf("%s: byte %zu is %#x\n", what, i, p[i]);
			return;
		}
	}
}

#define zeros(what, field) all_are(what, &(field), sizeof(field), 0)

/* A text, and nothing but zeros behind its end. */
static void text_ends(const char *what, const char *text, size_t size)
{
	size_t length = strnlen(text, size);

	if (length == size)
		printf("%s: not terminated\n", what);
	all_are(what, text + length, size - length, 0);
}

/* Two pages, of which the second one cannot be touched. */
static char *pages(void)
{
	size_t page = sysconf(_SC_PAGESIZE);
	char *p = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED || mprotect(p + page, page, PROT_NONE))
		fail("mmap");
	return p;
}

/* One ioctl, on a copy of the argument, which replaces the argument after it. */
static int call(unsigned long nr, void *arg, size_t size)
{
	size_t page = sysconf(_SC_PAGESIZE);
	char *p = pages(), *place = p + page - size;
	int err;

	if (!strcmp(at, "edge"))
		place++;
	memcpy(place, arg, size - (place + size - p - page));
	if (!strcmp(at, "readonly") && mprotect(p, page, PROT_READ))
		fail("mprotect");
	if (!strcmp(at, "null"))
		err = ioctl(device, nr, NULL);
	else if (!strcmp(at, "kernel"))
		err = ioctl(device, nr, (void *)-page);
	else
		err = ioctl(device, nr, place);
	if (err) {
		/* what was refused is left as it was */
		int saved = errno;

		all_are("beyond", p, place - p, 0);
		/* an answer alone may have been written in part */
		if (_IOC_DIR(nr) != _IOC_READ &&
		    memcmp(place, arg, size - (place + size - p - page)))
			puts("the argument of a refused call was changed");
		errno = saved;
	} else if (!*at) {
		all_are("before", p, place - p, 0);
		memcpy(arg, place, size);
	}
	munmap(p, 2 * page);
	return err;
}

/* The attempts: one, or with poke one for each offset. Returns whether it is done. */
static bool attempt(unsigned long nr, void *arg, size_t size)
{
	char copy[4096];

	for (unsigned int i = poke_from; i <= poke_to; i++) {
		memcpy(copy, arg, size);
		copy[i] = poke_byte;
		if (!call(nr, copy, size))
			puts("OK");
		else
			print_error();
	}
	if (poke_from <= poke_to)
		return false;
	if (call(nr, arg, size)) {
		print_error();
		return false;
	}
	fputs("OK", stdout);
	return true;
}

static pid_t other_thread;
static pthread_barrier_t ready;

static void *thread(void *unused)
{
	other_thread = syscall(SYS_gettid);
	pthread_barrier_wait(&ready);
	pause();
	return unused;
}

static pid_t make_thread(void)
{
	pthread_t id;

	pthread_barrier_init(&ready, NULL, 2);
	if (pthread_create(&id, NULL, thread, NULL))
		fail("pthread_create");
	pthread_barrier_wait(&ready);
	return other_thread;
}

static int open_pidfd(const char *text, unsigned int flags)
{
	pid_t pid = strcmp(text, "self") ? atoi(text) : getpid();
	int fd = syscall(SYS_pidfd_open, pid, flags);

	if (fd < 0)
		fail("pidfd_open");
	return fd;
}

static struct {
	unsigned int flags;
	int target;
	struct audit_contid contid;
	unsigned long room;
	uint64_t after;
	bool bad_buffer;
	unsigned long nr;
	uint64_t rate;
	uint64_t burst;
} arguments = { .room = 16 };

static void target_set(unsigned int flags, int target)
{
	arguments.flags |= flags;
	arguments.target = target;
}

static void target_fd(const char *value)
{
	int fd;

	if (!strcmp(value, "eventfd"))
		fd = eventfd(0, 0);
	else if (!strcmp(value, "epoll"))
		fd = epoll_create1(0);
	else if (!strcmp(value, "dir"))
		fd = open("/proc/self", O_RDONLY | O_DIRECTORY);
	else
		fd = atoi(value);
	target_set(AUDIT_CONTID_PIDFD, fd);
}

static void argument(char *word)
{
	char *value = strchr(word, '=');
	unsigned int byte;

	if (value)
		*value++ = 0;
	else
		value = word + strlen(word);
	if (!strcmp(word, "fd")) {
		device = atoi(value);
	} else if (!strcmp(word, "at")) {
		at = value;
	} else if (!strcmp(word, "poke")) {
		if (sscanf(value, "%u-%u:%x", &poke_from, &poke_to, &byte) != 3)
			fail(value);
		poke_byte = byte;
	} else if (!strcmp(word, "pid")) {
		if (!strcmp(value, "self"))
			target_set(AUDIT_CONTID_PID, getpid());
		else if (!strcmp(value, "thread"))
			target_set(AUDIT_CONTID_PID, make_thread());
		else
			target_set(AUDIT_CONTID_PID, atoi(value));
	} else if (!strcmp(word, "pidfd")) {
		target_set(AUDIT_CONTID_PIDFD, open_pidfd(value, 0));
	} else if (!strcmp(word, "threadfd")) {
		target_set(AUDIT_CONTID_PIDFD, open_pidfd(value, PIDFD_OF_THREAD));
	} else if (!strcmp(word, "tfd")) {
		target_fd(value);
	} else if (!strcmp(word, "flags")) {
		arguments.flags = strtoul(value, NULL, 0);
	} else if (!strcmp(word, "join")) {
		arguments.flags |= AUDIT_CONTID_JOIN;
	} else if (!strcmp(word, "tree")) {
		arguments.flags |= AUDIT_CONTID_TREE;
	} else if (!strcmp(word, "contid")) {
		contid_parse(value, &arguments.contid);
	} else if (!strcmp(word, "room")) {
		arguments.room = strtoul(value, NULL, 0);
	} else if (!strcmp(word, "after")) {
		arguments.after = strtoull(value, NULL, 0);
	} else if (!strcmp(word, "buffer")) {
		arguments.bad_buffer = true;
	} else if (!strcmp(word, "rate")) {
		arguments.rate = strtoull(value, NULL, 0);
	} else if (!strcmp(word, "burst")) {
		arguments.burst = strtoull(value, NULL, 0);
	} else if (!strcmp(word, "nr")) {
		arguments.nr = strtoul(value, NULL, 0);
	} else {
		fprintf(stderr, "contid_ioctl: what is %s?\n", word);
		exit(2);
	}
}

static void command_info(void)
{
	struct audit_contid_info info;

	memset(&info, GARBAGE, sizeof(info));
	if (!attempt(AUDIT_CONTID_IOC_INFO, &info, sizeof(info)))
		return;
	printf(" api_version=%u max_depth=%u features=%#" PRIx64 " max_containers=%u"
	       " hooks_on=%u module_version=%.32s\n",
	       info.api_version, info.max_depth, (uint64_t)info.features, info.max_containers,
	       info.hooks_on, info.module_version);
	text_ends("module_version", info.module_version, sizeof(info.module_version));
	zeros("reserved", info.reserved);
}

static void command_register(void)
{
	struct audit_contid_register arg = {
		.flags = arguments.flags,
		.target = arguments.target,
		.contid = arguments.contid,
	}, before = arg;

	if (!attempt(AUDIT_CONTID_IOC_REGISTER, &arg, sizeof(arg)))
		return;
	putchar('\n');
	if (memcmp(&arg, &before, sizeof(arg)))
		puts("the argument was changed");
}

static void command_get(void)
{
	static const char *const origin[] = { "none", "registered", "inherited", "adopted" };
	struct audit_contid_get arg = { .flags = arguments.flags, .target = arguments.target };

	if (!attempt(AUDIT_CONTID_IOC_GET, &arg, sizeof(arg)))
		return;
	if (arg.origin > AUDIT_CONTID_ORIGIN_ADOPTED || arg.depth > AUDIT_CONTID_DEPTH_MAX) {
		printf(" origin %u, depth %u\n", arg.origin, arg.depth);
		return;
	}
	printf(" %s ", origin[arg.origin]);
	for (unsigned int i = 0; i < arg.depth; i++) {
		fputs(i ? ",^" : "", stdout);
		contid_print(&arg.contid[i]);
	}
	puts(arg.depth ? "" : "-1");
	all_are("contid", arg.contid + arg.depth,
		(AUDIT_CONTID_DEPTH_MAX - arg.depth) * sizeof(*arg.contid), 0);
	zeros("reserved", arg.reserved);
}

/* Lists all, through a buffer of a few, and one more that the module must not touch. */
static void command_list(void)
{
	struct audit_contid_container *found;
	struct audit_contid_list list;
	unsigned long calls = 0;

	found = calloc(arguments.room + 1, sizeof(*found));
	if (!found)
		fail("calloc");
	do {
		memset(found, GARBAGE, (arguments.room + 1) * sizeof(*found));
		memset(&list, 0, sizeof(list));
		list.after = arguments.after;
		list.buffer = arguments.bad_buffer ? 1 : (uintptr_t)found;
		list.count = arguments.room;
		if (!attempt(AUDIT_CONTID_IOC_LIST, &list, sizeof(list)))
			return;
		printf(" %u of %" PRIu64 "%s\n", list.count, (uint64_t)list.live,
		       list.more ? ", more" : "");
		for (uint32_t i = 0; i < list.count; i++) {
			const struct audit_contid_container *c = &found[i];

			contid_print(&c->contid);
			putchar(' ');
			contid_print(&c->parent);
			printf(" serial=%" PRIu64 " depth=%u first=%d processes=%" PRIu64 "\n",
			       (uint64_t)c->serial, c->depth, c->first_pid, (uint64_t)c->processes);
			zeros("reserved", c->reserved);
		}
		all_are("room", found + list.count,
			(arguments.room + 1 - list.count) * sizeof(*found), GARBAGE);
		zeros("list.reserved", list.reserved);
		if (list.more && list.count != arguments.room)
			puts("more, but room was left");
		if (list.count && list.after != found[list.count - 1].serial)
			puts("after is not the last serial");
		arguments.after = list.after;
		calls++;
	} while (list.more);
}

static void command_stats(void)
{
	struct audit_contid_probe *probes = calloc(arguments.room + 1, sizeof(*probes));
	struct audit_contid_stats stats = { .count = arguments.room };
	uint32_t filled;

	if (!probes)
		fail("calloc");
	memset(probes, GARBAGE, (arguments.room + 1) * sizeof(*probes));
	stats.buffer = arguments.bad_buffer ? 1 : (uintptr_t)probes;
	if (!attempt(AUDIT_CONTID_IOC_STATS, &stats, sizeof(stats)))
		return;
	puts("");
#define SHOW(x) printf("%s=%" PRIu64 "\n", #x, (uint64_t)stats.x)
	SHOW(count);
	SHOW(hooks_on);
	SHOW(processes);
	SHOW(containers);
	SHOW(registered);
	SHOW(refused);
	SHOW(inherit_failed);
	SHOW(stale);
	SHOW(unplaced);
	SHOW(cut);
	SHOW(bytes_per_process);
	SHOW(bytes_fixed);
	SHOW(bytes_labels);
	SHOW(unlabelled);
	SHOW(unlabelled_passed);
	SHOW(unheld);
	SHOW(signals_passed);
	zeros("reserved", stats.reserved);
	filled = stats.count < arguments.room ? stats.count : arguments.room;
	for (uint32_t i = 0; i < filled; i++) {
		const struct audit_contid_probe *p = &probes[i];
		uint32_t unknown;

		printf("probe %.64s %.16s proven=%u\n", p->symbol, p->purpose, p->proven);
		text_ends("symbol", p->symbol, sizeof(p->symbol));
		text_ends("purpose", p->purpose, sizeof(p->purpose));
		unknown = p->flags & ~(AUDIT_CONTID_PROBE_OPTIONAL | AUDIT_CONTID_PROBE_ABSENT |
				       AUDIT_CONTID_PROBE_FAILED);
		zeros("flags", unknown);
		zeros("reserved", p->reserved);
	}
	all_are("room", probes + filled, (arguments.room + 1 - filled) * sizeof(*probes), GARBAGE);
}

static void command_release(void)
{
	struct audit_contid_release arg = { .changes = arguments.after };

	if (attempt(AUDIT_CONTID_IOC_RELEASE, &arg, sizeof(arg)))
		putchar('\n');
}

static void command_rate(void)
{
	struct audit_contid_rate arg = {
		.contid = arguments.contid,
		.rate = arguments.rate,
		.burst = arguments.burst,
		.flags = arguments.flags,
	}, before = arg;

	if (!attempt(AUDIT_CONTID_IOC_RATE, &arg, sizeof(arg)))
		return;
	putchar('\n');
	if (memcmp(&arg, &before, sizeof(arg)))
		puts("the argument was changed");
}

static void command_raw(void)
{
	static char zeros[16384];

	if (ioctl(device, arguments.nr, zeros))
		print_error();
	else
		puts("OK");
}

static void command_state(int count, char **pids)
{
	arguments.room = 64;
	command_list();
	for (int i = 0; i < count; i++) {
		arguments.flags = AUDIT_CONTID_PID;
		arguments.target = atoi(pids[i]);
		printf("%s ", pids[i]);
		command_get();
	}
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*run)(void);
	} commands[] = {
		{ "info", command_info },   { "register", command_register },
		{ "get", command_get },	    { "list", command_list },
		{ "stats", command_stats }, { "release", command_release },
		{ "rate", command_rate },   { "raw", command_raw },
	};
	const char *command = argc > 1 ? argv[1] : "";

	if (!strcmp(command, "keep-pidfd") && argc > 3) {
		int fd = open_pidfd(argv[2], 0);

		if (dup2(fd, 9) < 0 || fcntl(9, F_SETFD, 0))
			fail("dup2");
		execvp(argv[3], argv + 3);
		fail(argv[3]);
	}
	for (int i = 2; i < argc && strcmp(command, "state"); i++)
		argument(argv[i]);
	if (device < 0)
		device = open(AUDIT_CONTID_DEVICE, O_RDWR);
	if (device < 0 || !strcmp(command, "open")) {
		device < 0 ? print_error() : (void)puts("OK");
		return 0;
	}
	if (!strcmp(command, "state")) {
		command_state(argc - 2, argv + 2);
		return 0;
	}
	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++) {
		if (!strcmp(command, commands[i].name)) {
			commands[i].run();
			return 0;
		}
	}
	fprintf(stderr, "contid_ioctl: no command %s\n", command);
	return 2;
}
