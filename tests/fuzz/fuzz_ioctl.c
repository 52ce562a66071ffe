// SPDX-License-Identifier: GPL-2.0
/*
 * fuzz_ioctl CALLS [SEED]: calls of /dev/audit_contid with arguments that know its
 * structures, in batches. In each batch a crowd of processes forks, executes and
 * dies while several threads call, with all rights, with none, and from inside of a
 * container: each answer has to be one that the interface has for such a call. Then
 * the crowd is frozen, what the module says is compared with what there is, and
 * more calls are made whose answers are known beforehand.
 *
 * The seed is printed: with it the same calls are made again, though the crowd
 * runs as the scheduler lets it.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "fuzz.h"

#define CGROUP "/sys/fs/cgroup/fuzz"
#define HOSTS  3 /* threads that call with all rights */
#define CALM   10 /* how nice the crowd is in most batches: else it takes nearly all of the time */
#define RACING 2000 /* calls of each of these while the crowd runs, in a long run */
#define WAIT   120 /* seconds for what has to come */

struct shared *shared;
struct audit_contid_info info;
struct audit_contid_stats stats_at_begin;

/* calls of each thread while the crowd runs: a short run has several batches too */
static unsigned long racing;

void fail(const char *what)
{
	perror(what);
	exit(2);
}

/* Something does not hold. Prints it; the caller goes on, and the batch is the last. */
void wrong(const char *format, ...)
{
	char text[1024];
	va_list args;
	int length;

	va_start(args, format);
	length = vsnprintf(text, sizeof(text) - 1, format, args);
	va_end(args);
	if (length > (int)sizeof(text) - 2)
		length = sizeof(text) - 2;
	text[length++] = '\n';
	if (write(STDOUT_FILENO, text, length) == length)
		atomic_fetch_add(&shared->failed, 1);
}

/* xorshift64* */
uint64_t random_next(struct random *random)
{
	uint64_t x = random->state;

	x ^= x >> 12;
	x ^= x << 25;
	x ^= x >> 27;
	random->state = x;
	return x * 0x2545f4914f6cdd1dULL;
}

uint32_t below(struct random *random, uint32_t end)
{
	return (random_next(random) >> 32) * end >> 32;
}

bool one_in(struct random *random, uint32_t n)
{
	return !below(random, n);
}

void contid_of_pool(unsigned int n, struct audit_contid *id)
{
	memset(id, 0xa0 + n, sizeof(*id));
}

int open_device(void)
{
	int fd = open(AUDIT_CONTID_DEVICE, O_RDWR | O_CLOEXEC);

	if (fd < 0)
		fail(AUDIT_CONTID_DEVICE);
	return fd;
}

/* --- the crowd's cgroup */

static void cgroup_write(const char *file, const char *text)
{
	char path[256];
	int fd;

	snprintf(path, sizeof(path), CGROUP "/%s", file);
	fd = open(path, O_WRONLY);
	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		fail(path);
	close(fd);
}

static bool cgroup_event(const char *what)
{
	char text[256] = "";
	int fd = open(CGROUP "/cgroup.events", O_RDONLY);

	if (fd < 0 || read(fd, text, sizeof(text) - 1) <= 0)
		fail(CGROUP "/cgroup.events");
	close(fd);
	return strstr(text, what);
}

static void cgroup_wait(const char *what)
{
	time_t end = time(NULL) + WAIT;

	while (!cgroup_event(what)) {
		if (time(NULL) > end) {
			wrong("waited in vain for '%s' of " CGROUP, what);
			return;
		}
		usleep(1000);
	}
}

static void leader_start(unsigned int slot, uint64_t seed)
{
	pid_t pid = fork();

	if (pid < 0)
		fail("fork");
	if (!pid) {
		cgroup_write("cgroup.procs", "0");
		if (shared->calm && nice(CALM) < 0)
			fail("nice");
		crowd_begin(slot, seed);
	}
	shared->slot[slot] = pid;
}

static void crowd_kill(void)
{
	char line[32];
	FILE *procs;

	if (!access(CGROUP "/cgroup.kill", F_OK)) {
		cgroup_write("cgroup.kill", "1");
		return;
	}
	/* before 5.14 one by one, frozen, so that they make no others meanwhile */
	cgroup_write("cgroup.freeze", "1");
	procs = fopen(CGROUP "/cgroup.procs", "re");
	if (!procs)
		fail(CGROUP "/cgroup.procs");
	while (fgets(line, sizeof(line), procs)) {
		if (atoi(line) > 0)
			kill(atoi(line), SIGKILL);
	}
	fclose(procs);
}

static void crowd_end(void)
{
	time_t end = time(NULL) + WAIT;

	/* older kernels miss a child that is made while they kill */
	do {
		crowd_kill();
		cgroup_write("cgroup.freeze", "0");
		usleep(5000);
	} while (!cgroup_event("populated 0") && time(NULL) < end);
	while (waitpid(-1, NULL, __WALL) > 0 || errno == EINTR)
		;
	cgroup_wait("populated 0");
	for (int i = 0; i < SLOTS; i++)
		shared->slot[i] = 0;
}

/* --- the callers */

/*
 * A process in a container of its own, which calls from there. It only begins once
 * it was registered.
 */
static pid_t start_inside(uint64_t seed, int device)
{
	struct audit_contid_register arg = { .flags = AUDIT_CONTID_PID };
	struct caller caller = { IN_CONTAINER, device, { seed }, racing / 2 };
	int go[2], err;
	char byte;

	if (pipe(go))
		fail("pipe");
	arg.target = fork();
	if (arg.target < 0)
		fail("fork");
	if (!arg.target) {
		close(go[1]);
		if (read(go[0], &byte, 1) == 1)
			caller_run(&caller);
		_exit(0);
	}
	contid_of_pool(0, &arg.contid);
	err = ioctl(device, AUDIT_CONTID_IOC_REGISTER, &arg) ? errno : 0;
	if (err)
		wrong("the caller inside is not registered: %s", strerrorname_np(err));
	count_call(REGISTER, err);
	count_register(err);
	if (write(go[1], "", 1) != 1)
		fail("write");
	close(go[0]);
	close(go[1]);
	return arg.target;
}

static void race(struct random *random, int device)
{
	struct caller callers[HOSTS + 1];
	pthread_t threads[HOSTS + 1];
	pid_t inside = start_inside(random_next(random) | 1, device);

	for (int i = 0; i <= HOSTS; i++) {
		callers[i] = (struct caller){
			i < HOSTS ? ON_HOST : WITHOUT_RIGHT,
			device,
			{ random_next(random) | 1 },
			i < HOSTS ? racing : racing / 8,
		};
		if (pthread_create(&threads[i], NULL, caller_run, &callers[i]))
			fail("pthread_create");
	}
	for (int i = 0; i <= HOSTS; i++)
		pthread_join(threads[i], NULL);
	waitpid(inside, NULL, 0);
}

static void batch(struct random *random, int device)
{
	shared->namespaces = one_in(random, 3);
	shared->calm = !one_in(random, 4);
	for (unsigned int i = 0; i < LEADERS; i++)
		leader_start(i, random_next(random) | 1);
	race(random, device);
	cgroup_write("cgroup.freeze", "1");
	cgroup_wait("frozen 1");
	if (!shared->failed)
		check_all(device);
	if (!shared->failed)
		check_calls(device, random, racing / 4);
	if (!shared->failed)
		check_all(device);
	crowd_end();
	check_end(device);
}

static unsigned long calls(void)
{
	unsigned long sum = 0;

	for (int kind = 0; kind < KINDS; kind++)
		for (int err = 0; err < ERRNOS; err++)
			sum += shared->calls[kind][err];
	return sum;
}

static void print_counts(unsigned long batches)
{
	static const char *const names[] = { "info",	"register", "get",  "list",    "stats",
					     "release", "label",    "rate", "no ioctl" };

	for (int kind = 0; kind < KINDS; kind++) {
		printf("%-9s", names[kind]);
		for (int err = 0; err < ERRNOS; err++) {
			if (shared->calls[kind][err])
				printf(" %s %lu", err ? strerrorname_np(err) : "OK",
				       shared->calls[kind][err]);
		}
		putchar('\n');
	}
	printf("%lu calls in %lu batches, %lu children compared with their parents, %d wrong\n",
	       calls(), batches, shared->forks, shared->failed);
}

int main(int argc, char **argv)
{
	struct random random;
	unsigned long wanted, batches = 0;
	int device, memory;

	if (crowd_continues(argc, argv))
		return 2;
	if (argc < 2 || argc > 3) {
		fputs("usage: fuzz_ioctl CALLS [SEED]\n", stderr);
		return 2;
	}
	wanted = strtoul(argv[1], NULL, 0);
	racing = wanted / 10 < RACING ? wanted / 10 : RACING;
	random.state = argc > 2 ? strtoull(argv[2], NULL, 0) :
				  (uint64_t)time(NULL) << 20 | getpid();
	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("fuzz_ioctl: seed %#lx\n", random.state);
	memory = memfd_create("fuzz", 0);
	if (memory < 0 || ftruncate(memory, sizeof(*shared)) || dup2(memory, MEMORY_FD) < 0)
		fail("memfd_create");
	close(memory);
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED, MEMORY_FD, 0);
	device = open_device();
	if (mkdir(CGROUP, 0755) && errno != EEXIST)
		fail(CGROUP);
	if (shared == MAP_FAILED || prctl(PR_SET_CHILD_SUBREAPER, 1) ||
	    ioctl(device, AUDIT_CONTID_IOC_INFO, &info) ||
	    ioctl(device, AUDIT_CONTID_IOC_STATS, &stats_at_begin))
		fail("begin");
	/* siblings that the crowd makes, and its orphans, are not to pile up as zombies */
	signal(SIGCHLD, SIG_IGN);
	for (; calls() < wanted && !shared->failed; batches++)
		batch(&random, device);
	rmdir(CGROUP);
	print_counts(batches);
	return shared->failed ? 1 : 0;
}
