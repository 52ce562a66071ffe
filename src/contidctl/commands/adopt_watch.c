// SPDX-License-Identifier: GPL-2.0
/*
 * Containers that nobody has registered, as a registrar hangs or died, are adopted soon
 * after they began. The module tells of most by op=unlabelled: that wakes us. If it cannot
 * be heard, or a container has no PID namespace of its own, there is a look now and then.
 * A user can make so many PID namespaces that others have no record: the module counts
 * these, and its count is read each second.
 *
 * Each look is a process of its own: it forgets all that it has read when it ends.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "adopt_print.h"
#include "adopt_watch.h"
#include "command.h"
#include "listener.h"
#include "message.h"
#include "unlabelled.h"

/* in milliseconds */
#define AT_MOST_EVERY 1000 /* many may come at a time */
#define WHEN_DEAF     1000
#define WHEN_HEARING  30000
#define WHEN_COUNTED  1000

/* A container, by its first process: no other one has the same number and start. */
struct refusal {
	unsigned long long start;
	pid_t pid;
};

/* What has no room here is printed at each look. */
#define TOLD 16384
struct told {
	size_t count;
	struct refusal items[TOLD];
};

/**
 * struct watch - at work
 * @records: a socket, -1 if nothing can be heard
 * @told: what the last look refused, in memory that looks share: it is printed once
 * @passed: so many namespaces had no record when that was last asked
 */
struct watch {
	int records;
	struct told *told;
	uint64_t passed;
};

static uint64_t milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000ULL + now.tv_nsec / 1000000;
}

/* Most of the time there is nothing to be done: that is seen by one look at /proc. */
static bool is_needed(const struct device *device)
{
	struct adoption adoption = { .device = *device, .dry_run = true };

	if (!adoption_look(&adoption))
		return false;
	for (size_t i = 0; i < adoption.found.count; i++) {
		const struct found *found = adoption.found.items[i];

		/* or its first process has just ended */
		if (found->planned ? found->action != KEEP : found->init)
			return true;
	}
	return false;
}

static int by_process(const void *a, const void *b)
{
	const struct refusal *x = a, *y = b;

	if (x->pid != y->pid)
		return x->pid < y->pid ? -1 : 1;
	return (x->start > y->start) - (x->start < y->start);
}

static bool is_refused(const struct found *found)
{
	return found->planned && found->action == REFUSE;
}

/* Set @told of those that the last look refused, and note what this one has. */
static void compare(const struct adoption *adoption, struct told *told)
{
	const struct found_list *list = &adoption->found;

	for (size_t i = 0; i < list->count; i++) {
		struct refusal refusal = { list->items[i]->start, list->items[i]->init };

		list->items[i]->told =
			is_refused(list->items[i]) &&
			bsearch(&refusal, told->items, told->count, sizeof(refusal), by_process);
	}
	told->count = 0;
	for (size_t i = 0; i < list->count && told->count < TOLD; i++) {
		if (is_refused(list->items[i]))
			told->items[told->count++] =
				(struct refusal){ list->items[i]->start, list->items[i]->init };
	}
	qsort(told->items, told->count, sizeof(*told->items), by_process);
}

static void look(struct told *told)
{
	struct adoption adoption = {};

	/* the module may come later, and is not to be held */
	if (device_try(&adoption.device) != DEVICE_OPEN || !is_needed(&adoption.device))
		return;
	if (!adoption_do(&adoption)) {
		message("not all processes could be looked at (%s)", strerror(errno));
		return;
	}
	compare(&adoption, told);
	adopt_print_new(&adoption);
	fflush(stdout);
}

static void look_apart(const struct watch *watch)
{
	pid_t child = fork();
	int status;

	if (!child) {
		look(watch->told);
		_exit(0);
	}
	if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status))
		message("no look at the processes: %s", strerror(errno));
}

static bool is_call(char *line, size_t length)
{
	struct record record;

	return record_parse(&record, line, length) && unlabelled_is(&record);
}

/* Return: is a look called for? */
static bool hear(struct watch *watch)
{
	char line[LISTENER_LINE];
	bool called = false;
	size_t length;

	for (;;) {
		switch (listener_read(watch->records, line, &length)) {
		case HEARD_RECORD:
			called |= is_call(line, length);
			break;
		case HEARD_LOSS:
			called = true;
			break;
		case HEARD_NOTHING:
			return called;
		default:
			message("audit cannot be listened to any more (%s): from here on there is a "
				"look each second",
				strerror(errno));
			close(watch->records);
			watch->records = -1;
			return true;
		}
	}
}

/* Did a namespace begin that has no record? The module is not held, and may not be there. */
static bool has_passed(struct watch *watch)
{
	struct audit_contid_stats stats = {};
	struct device device;
	uint64_t before = watch->passed;

	if (device_try(&device) != DEVICE_OPEN)
		return false;
	if (!ioctl(device.fd, AUDIT_CONTID_IOC_STATS, &stats))
		watch->passed = stats.unlabelled_passed;
	close(device.fd);
	return watch->passed != before;
}

/* Return: when the next is due, after a wait of at most a second. */
static uint64_t wait_a_while(struct watch *watch, uint64_t last, uint64_t due, uint64_t now)
{
	struct pollfd wait = { .fd = watch->records, .events = POLLIN };
	uint64_t left = due - now;
	int heard = poll(&wait, 1, left < WHEN_COUNTED ? left : WHEN_COUNTED);

	if ((heard > 0 && hear(watch)) || (!heard && has_passed(watch)))
		return last + AT_MOST_EVERY;
	return due;
}

/* To the next look that is due, or called for. */
static void wait_for_call(struct watch *watch, uint64_t last)
{
	uint64_t due = last + (watch->records < 0 ? WHEN_DEAF : WHEN_HEARING), now;

	while ((now = milliseconds()) < due)
		due = wait_a_while(watch, last, due, now);
}

/**
 * adopt_watch - adopt what nobody has registered, until a signal comes
 *
 * Return: an exit code.
 */
int adopt_watch(void)
{
	struct watch watch = {
		.records = listener_open(LISTEN_MODULE),
		.told = mmap(NULL, sizeof(*watch.told), PROT_READ | PROT_WRITE,
			     MAP_SHARED | MAP_ANONYMOUS, -1, 0),
	};

	if (watch.told == MAP_FAILED) {
		message("no memory");
		return REFUSED;
	}
	if (watch.records < 0)
		message("there is a look each second instead");
	message("watches; Ctrl-C ends it");
	has_passed(&watch);
	while (!ferror(stdout)) {
		uint64_t now = milliseconds();

		look_apart(&watch);
		wait_for_call(&watch, now);
	}
	return REFUSED;
}
