// SPDX-License-Identifier: GPL-2.0
/* contidctl monitor */
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "command.h"
#include "contid.h"
#include "listener.h"
#include "live.h"
#include "message.h"
#include "moment.h"
#include "names.h"
#include "operation.h"

#define LOST_EVERY 2000 /* milliseconds */

/**
 * struct lost - what a container has lost so far
 * @serial: the container
 * @records: how many
 */
struct lost {
	uint64_t serial;
	uint64_t records;
};

/**
 * struct monitor - at work
 * @parser: takes records apart
 * @names: what containers are called
 * @known: as the module had it the last time
 * @known_count: how many containers
 * @now: as it has it now
 * @now_count: likewise
 * @now_size: how many fit in there
 * @device: while the module is asked
 * @ask: there are, or may be, containers that live
 * @first: it was not asked before: what was lost until now is old
 */
struct monitor {
	struct parser *parser;
	struct names *names;
	struct lost *known, *now;
	size_t known_count, now_count, now_size;
	struct device device;
	bool ask;
	bool first;
};

static void print_time(time_t sec, unsigned int milli)
{
	char when[MOMENT_TEXT];

	moment_format(sec * 1000ULL + milli, when);
	printf("%s ", when);
}

static void print_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	print_time(now.tv_sec, now.tv_nsec / 1000000);
}

static const char *error_text(const struct operation *operation)
{
	const char *text = operation->field[OPERATION_ERRNO];

	return text ? strerror(atoi(text)) : "?";
}

/* The module as a whole: no container takes part. */
static bool print_module(const struct operation *operation)
{
	if (operation_is(operation, "hooks")) {
		puts(operation_refused(operation) ?
			     "hooks     the kernel's probes are off: nothing is tagged" :
			     "hooks     the kernel's probes are on");
		return true;
	}
	if (!operation_is(operation, "load") && !operation_is(operation, "unload"))
		return false;
	printf("%-9s version %s, %s live containers\n", operation_text(operation, OPERATION_OP),
	       operation_text(operation, OPERATION_VERSION),
	       operation_text(operation, OPERATION_CONTAINERS));
	return true;
}

/* The label in the record, or what earlier records have called the container. */
static const char *name_of(struct monitor *monitor, const struct operation *operation)
{
	const char *id = operation->field[OPERATION_OCONTID];

	if (operation->field[OPERATION_VM])
		return operation->field[OPERATION_VM];
	if (!id || strlen(id) < CONTID_TEXT - 1)
		return NULL;
	return names_of(monitor->names, (struct slice){}, id, NAMES_NOW);
}

static void print_operation(struct monitor *monitor, const struct operation *operation)
{
	const char *name = name_of(monitor, operation);
	const char *old = operation_text(operation, OPERATION_OLD_OCONTID);

	if (print_module(operation))
		return;
	printf("%-9s", operation_text(operation, OPERATION_OP));
	/* what is not labelled is in none, and neither is auditd */
	if (!operation_is(operation, "unlabelled") && !operation_is(operation, "signal"))
		printf(" %s", operation_text(operation, OPERATION_OCONTID));
	/* and a limit is for all */
	if (operation_is(operation, "rate"))
		printf(" rate=%s burst=%s", operation_text(operation, OPERATION_RATE),
		       operation_text(operation, OPERATION_BURST));
	else
		printf(" pid=%s", operation_text(operation, OPERATION_OPID));
	if (strcmp(old, "?") && strcmp(old, "-1"))
		printf(" was=%s", old);
	if (operation_is(operation, "signal"))
		printf(" sig=%s", operation_text(operation, OPERATION_SIG));
	if (operation->field[OPERATION_COUNT])
		printf(" count=%s", operation->field[OPERATION_COUNT]);
	printf(" by=%s[%s] auid=%s", operation_text(operation, OPERATION_COMM),
	       operation_text(operation, OPERATION_PID), operation_text(operation, OPERATION_AUID));
	if (operation->field[OPERATION_CONTID])
		printf(" in=%s", operation->field[OPERATION_CONTID]);
	if (operation_refused(operation))
		printf(" REFUSED: %s", error_text(operation));
	/* last, as it may have anything in it */
	if (name)
		printf(" label=%s", name);
	putchar('\n');
}

static void take_record(struct monitor *monitor, char *line, size_t len)
{
	struct operation operation;
	struct kept_record kept;
	struct record record;
	struct event event;

	if (!record_parse(&record, line, len))
		return;
	names_learn(monitor->names, &record);
	line[len] = '\n';
	record_keep(&kept, &record, 0);
	event = (struct event){
		.text = line,
		.len = len + 1,
		.stamp = record.stamp,
		.records = &kept,
		.count = 1,
	};
	if (operation_read(&operation, monitor->parser, &event)) {
		print_time(record.stamp.sec, record.stamp.milli);
		print_operation(monitor, &operation);
		monitor->ask |= !operation_is(&operation, "unload");
	}
	operation_free(&operation);
	/* the operation may have been of one that ended long ago */
	names_forget(monitor->names, record.stamp.sec * 1000 + record.stamp.milli);
}

static bool take_all(struct monitor *monitor, int fd)
{
	char line[LISTENER_LINE];
	size_t len;

	for (;;) {
		switch (listener_read(fd, line, &len)) {
		case HEARD_RECORD:
			take_record(monitor, line, len);
			break;
		case HEARD_LOSS:
			print_now();
			puts("lost      operations are missing here: they came faster than they "
			     "could be read");
			break;
		case HEARD_NOTHING:
			return true;
		default:
			message("audit cannot be listened to any more (%s)", strerror(errno));
			return false;
		}
		if (ferror(stdout))
			return false;
	}
}

static uint64_t known_lost(const struct monitor *monitor, uint64_t serial)
{
	size_t low = 0, high = monitor->known_count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (monitor->known[middle].serial < serial)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < monitor->known_count && monitor->known[low].serial == serial)
		return monitor->known[low].records;
	return 0;
}

/* Of those that began before this program did, no record told. */
static void learn_label(struct monitor *monitor, const char *id, const struct audit_contid *contid)
{
	char label[LABEL_TEXT];

	if (names_of(monitor->names, (struct slice){}, id, NAMES_NOW))
		return;
	live_label(&monitor->device, contid, label);
	if (*label)
		names_add(monitor->names, id, label);
}

/* They come in the order of their serials. */
static bool add_lost(void *data, const struct audit_contid_container *container)
{
	struct monitor *monitor = data;
	uint64_t lost = live_lost(container), before = known_lost(monitor, container->serial);
	char contid[CONTID_TEXT];
	const char *name;

	contid_format(&container->contid, contid);
	learn_label(monitor, contid, &container->contid);
	if (lost > before && !monitor->first) {
		print_now();
		printf("lost      %s %" PRIu64 " audit records, %" PRIu64 " in all", contid,
		       lost - before, lost);
		name = names_of(monitor->names, (struct slice){}, contid, NAMES_NOW);
		printf(name ? " label=%s\n" : "\n", name);
	}
	if (monitor->now_count == monitor->now_size) {
		size_t size = monitor->now_size * 2 ?: 64;
		struct lost *now = realloc(monitor->now, size * sizeof(*now));

		if (!now)
			return true;
		monitor->now = now;
		monitor->now_size = size;
	}
	monitor->now[monitor->now_count].serial = container->serial;
	monitor->now[monitor->now_count++].records = lost;
	return true;
}

/*
 * An open device is in the way of `modprobe -r`, so it is only open for a moment,
 * and only while containers live, which are in its way as well.
 */
static void ask_for_lost(struct monitor *monitor)
{
	if (!monitor->ask)
		return;
	monitor->ask = false;
	monitor->now_count = 0;
	monitor->now = NULL;
	monitor->now_size = 0;
	if (device_try(&monitor->device) == DEVICE_OPEN) {
		live_each(monitor->device.fd, add_lost, monitor, NULL);
		close(monitor->device.fd);
	}
	free(monitor->known);
	monitor->known = monitor->now;
	monitor->known_count = monitor->now_count;
	monitor->ask = monitor->known_count;
	monitor->first = false;
}

static int open_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	if (sigprocmask(SIG_BLOCK, &set, NULL))
		return -1;
	return signalfd(-1, &set, SFD_CLOEXEC);
}

static uint64_t milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000ULL + now.tv_nsec / 1000000;
}

static int monitor_run(struct monitor *monitor, int records, int signals)
{
	struct pollfd wait[] = {
		{ .fd = records, .events = POLLIN },
		{ .fd = signals, .events = POLLIN },
	};
	uint64_t next = milliseconds();

	while (!ferror(stdout)) {
		uint64_t now = milliseconds();

		if (now >= next) {
			ask_for_lost(monitor);
			next = now + LOST_EVERY;
		}
		fflush(stdout);
		if (poll(wait, 2, next - now) < 0 && errno != EINTR) {
			message("%s", strerror(errno));
			return REFUSED;
		}
		if (wait[1].revents)
			return DONE;
		if (wait[0].revents && !take_all(monitor, records))
			return REFUSED;
	}
	return REFUSED;
}

static int monitor_main(const struct command *self, int argc, char **argv)
{
	struct monitor monitor = { .ask = true, .first = true };
	int records, signals, status;

	status = command_flags(self, &argc, &argv, NULL);
	if (status != GO_ON)
		return status;
	signals = open_signals();
	records = listener_open(LISTEN_MODULE);
	if (records < 0)
		return REFUSED;
	status = REFUSED;
	monitor.parser = parser_new(true);
	monitor.names = names_new(true);
	if (signals < 0 || !monitor.parser || !monitor.names) {
		message("%s", strerror(errno));
	} else {
		message("listens; Ctrl-C ends it");
		status = monitor_run(&monitor, records, signals);
	}
	parser_free(monitor.parser);
	names_free(monitor.names);
	free(monitor.known);
	close(records);
	return status;
}

const struct command monitor_command = {
	.name = "monitor",
	.summary = "print what happens to containers while it happens",
	.help = "Print what happens to containers while it happens, one line for each operation,\n"
		"until Ctrl-C. It listens to the kernel itself, with auditd or without; that\n"
		"needs CAP_AUDIT_READ in the initial user namespace, and the host's network\n"
		"namespace. The module may be loaded later.\n",
	.more = "  register  a process was registered as a container's first\n"
		"  join      one was moved into a container that lives\n"
		"  adopt     one has entered a container's namespaces\n"
		"  leave     such a one went back\n"
		"  drop      a container's last process has exited\n"
		"  release   it has ended by `contidctl save --release`, its processes live on\n"
		"  inherit   a child was killed: no memory for the ID it would inherit\n"
		"  unlabelled  process 1 of a PID namespace executes a program, and carries no ID\n"
		"  signal    a process of a container has signalled auditd\n"
		"  hooks     the kernel's probes were switched off or on\n"
		"  load, unload  the module came or went\n"
		"  lost      a container has lost audit records (backlog, rate limit, memory;\n"
		"            asked of the module every two seconds), or operations came\n"
		"            faster than they could be read\n"
		"\n"
		"A refused operation ends with REFUSED and why. was= is what the process carried\n"
		"before, by= the process that did it, in= its container, label= what the\n"
		"container is called.\n",
	.main = monitor_main,
};
