// SPDX-License-Identifier: GPL-2.0
/* contidctl top */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "array.h"
#include "command.h"
#include "container_json.h"
#include "device.h"
#include "json.h"
#include "live.h"
#include "message.h"

#define DELAY	     2.0 /* seconds */
#define DELAY_LEAST  0.1
#define DELAY_MOST   3600.0
#define FRAME	     3 /* lines of a screen that are no container */
#define CLEAR_SCREEN "\033[H\033[2J"

enum { ONCE, JSON, DELAY_OPTION, TOP };

static const struct command_option options[] = {
	[ONCE] = { "once", 0, NULL, "look twice, print once, and end" },
	[JSON] = { "json", 0, NULL, "an object for each look" },
	[DELAY_OPTION] = { "delay", 'd', "SECONDS", "between two looks; by default 2" },
	[TOP] = { "top", 'n', "COUNT", "no more containers than this" },
	{},
};

/**
 * struct sample - the counters at one moment
 * @containers: in the order of their serials
 * @count: how many
 * @failed: no memory
 * @at: when
 */
struct sample {
	struct audit_contid_container *containers;
	size_t count;
	bool failed;
	struct timespec at;
};

/**
 * struct pace - what a container did between two samples
 * @now: its counters
 * @asked: records that it caused
 * @lost: those that were not written
 * @held_ns: for how long its threads had to wait
 */
struct pace {
	const struct audit_contid_container *now;
	uint64_t asked;
	uint64_t lost;
	uint64_t held_ns;
};

/**
 * struct screen - what is shown, and how
 * @device: the open device
 * @once: one table alone
 * @json: objects
 * @terminal: each table takes the place of the last one
 * @delay: seconds between two samples
 * @top: so many containers, 0 for all
 */
struct screen {
	struct device device;
	bool once, json, terminal;
	double delay;
	size_t top;
};

static bool take(void *data, const struct audit_contid_container *container)
{
	struct sample *sample = data;
	void *room = array_room(sample->containers, sample->count, sizeof(*container));

	if (!room) {
		sample->failed = true;
		return false;
	}
	sample->containers = room;
	sample->containers[sample->count++] = *container;
	return true;
}

static bool sample_read(struct sample *sample, const struct device *device)
{
	int err;

	*sample = (struct sample){};
	clock_gettime(CLOCK_MONOTONIC, &sample->at);
	err = live_each(device->fd, take, sample, NULL) ?: sample->failed ? ENOMEM : 0;
	if (err)
		message("the list could not be read (%s)", strerror(err));
	return !err;
}

/* Of one that has come meanwhile all counts. */
static void paces_fill(struct pace *paces, const struct sample *before, const struct sample *now)
{
	static const struct audit_contid_container none;
	size_t at = 0;

	for (size_t i = 0; i < now->count; i++) {
		const struct audit_contid_container *c = &now->containers[i], *old = &none;

		while (at < before->count && before->containers[at].serial < c->serial)
			at++;
		if (at < before->count && before->containers[at].serial == c->serial)
			old = &before->containers[at];
		paces[i] = (struct pace){
			.now = c,
			.asked = c->asked - old->asked,
			.lost = live_lost(c) - live_lost(old),
			.held_ns = c->held_ns - old->held_ns,
		};
	}
}

static int by_pace(const void *a, const void *b)
{
	const struct pace *x = a, *y = b;

	if (x->asked != y->asked)
		return x->asked > y->asked ? -1 : 1;
	if (x->now->asked != y->now->asked)
		return x->now->asked > y->now->asked ? -1 : 1;
	return x->now->serial < y->now->serial ? -1 : 1;
}

static const struct column columns[] = {
	{ "CONTID", -36, .key = "contid" },
	{ "RECORDS/S", 10, .key = "records_per_second",
	  .help = "audit records it causes in a second" },
	{ "LOST/S", 8, .key = "lost_per_second", .help = "those that do not come to auditd" },
	{ "ASKED", 10, .key = "asked", .help = "records it has caused since it began" },
	{ "WRITTEN", 10, .key = "written", .help = "those that were handed to auditd" },
	{ "LOST", 8, .key = "lost", .help = "those that were not" },
	{ "HELD", 6, .key = "held_percent",
	  .help = "for how much of the time a thread had to wait for a limit,\n"
		  "in percent; more than 100 if several did" },
	{ "PROCESSES", 9, .key = "processes" },
	{ "LABEL", 0, .key = "label", .help = "what people call it" },
	{},
};

/* With no more digits than it is worth. */
static struct json_object *number_json(double number, const char *format)
{
	struct json_object *out = json_object_new_double(number);

	json_object_set_serializer(out, json_object_double_to_json_string, (void *)format, NULL);
	return out;
}

static struct json_object *pace_json(const struct screen *screen, const struct pace *pace,
				     double seconds)
{
	struct json_object *out;
	char label[LABEL_TEXT];

	live_label(&screen->device, &pace->now->contid, label);
	out = container_json(pace->now, label);
	json_add(out, "records_per_second", number_json(pace->asked / seconds, "%.1f"));
	json_add(out, "lost_per_second", number_json(pace->lost / seconds, "%.1f"));
	json_add(out, "held_percent", number_json(pace->held_ns / 1e7 / seconds, "%.0f"));
	return out;
}

/* How many lines a table may have: what does not fit pushes the first lines away. */
static size_t limit_of(const struct screen *screen, size_t count)
{
	struct winsize size;
	size_t limit = screen->top && screen->top < count ? screen->top : count;

	if (screen->terminal && !ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) && size.ws_row > FRAME &&
	    limit > (size_t)size.ws_row - FRAME)
		limit = size.ws_row - FRAME;
	return limit;
}

static void print_head(const struct pace *paces, size_t count, double seconds)
{
	uint64_t asked = 0, lost = 0;
	char when[16] = "";
	time_t now = time(NULL);
	struct tm tm;

	for (size_t i = 0; i < count; i++) {
		asked += paces[i].asked;
		lost += paces[i].lost;
	}
	if (localtime_r(&now, &tm))
		strftime(when, sizeof(when), "%T", &tm);
	printf("%s  %zu containers, %.1f records a second, %.1f of these lost\n", when, count,
	       asked / seconds, lost / seconds);
	columns_head(columns);
}

static void print_paces(const struct screen *screen, const struct pace *paces, size_t count,
			double seconds)
{
	struct json_object *list = screen->json ? json_object_new_array() : NULL, *out;
	size_t limit = limit_of(screen, count);

	if (!list) {
		fputs(screen->terminal ? CLEAR_SCREEN : "", stdout);
		print_head(paces, count, seconds);
	}
	for (size_t i = 0; i < limit; i++) {
		const struct row row = { .json = pace_json(screen, &paces[i], seconds) };

		if (list) {
			json_object_array_add(list, row.json);
			continue;
		}
		columns_row(columns, &row);
		json_object_put(row.json);
	}
	if (!list)
		return;
	out = json_object_new_object();
	json_add(out, "seconds", number_json(seconds, "%.3f"));
	json_add(out, "containers", list);
	json_print(out);
}

static bool print_between(const struct screen *screen, const struct sample *before,
			  const struct sample *now)
{
	double seconds =
		now->at.tv_sec - before->at.tv_sec + (now->at.tv_nsec - before->at.tv_nsec) / 1e9;
	struct pace *paces = calloc(now->count + 1, sizeof(*paces));

	if (!paces) {
		message("there is no memory");
		return false;
	}
	paces_fill(paces, before, now);
	qsort(paces, now->count, sizeof(*paces), by_pace);
	print_paces(screen, paces, now->count, seconds);
	free(paces);
	return !fflush(stdout) && !ferror(stdout);
}

static void pause_for(double seconds)
{
	struct timespec left = { .tv_sec = seconds };

	left.tv_nsec = (seconds - left.tv_sec) * 1e9;
	while (nanosleep(&left, &left))
		;
}

static int top_run(const struct screen *screen)
{
	struct sample before, now;
	bool going = sample_read(&before, &screen->device), done = false;

	while (going) {
		pause_for(screen->delay);
		if (!sample_read(&now, &screen->device)) {
			free(now.containers);
			break;
		}
		done = print_between(screen, &before, &now);
		going = done && !screen->once;
		free(before.containers);
		before = now;
	}
	free(before.containers);
	return done && !going ? DONE : REFUSED;
}

static int top_option(void *data, const struct command *self, int option, char *value)
{
	struct screen *screen = data;
	char *end;

	switch (option) {
	case ONCE:
		screen->once = true;
		break;
	case JSON:
		screen->json = true;
		break;
	case DELAY_OPTION:
		screen->delay = strtod(value, &end);
		if (end == value || *end || !(screen->delay >= DELAY_LEAST) ||
		    screen->delay > DELAY_MOST)
			return command_usage(self, "a delay has 0.1 to 3600 seconds, not '%s'",
					     value);
		break;
	case TOP:
		screen->top = strtoul(value, &end, 10);
		if (!screen->top || *end || *value == '-')
			return command_usage(self, "'%s' is no count", value);
	}
	return GO_ON;
}

static int top_main(const struct command *self, int argc, char **argv)
{
	struct screen screen = { .delay = DELAY };
	int status;

	status = command_options(self, &argc, &argv, top_option, &screen);
	if (status != GO_ON)
		return status;
	if (!device_open(&screen.device))
		return REFUSED;
	screen.terminal = !screen.once && !screen.json && isatty(STDOUT_FILENO);
	return top_run(&screen);
}

const struct command top_command = {
	.name = "top",
	.summary = "show which containers cause the most records, live",
	.options = options,
	.help = "Print the live containers by the audit records that they cause in a second, most\n"
		"first, again and again until Ctrl-C. On a terminal each table takes the place\n"
		"of the last one, and has as many lines as fit.\n",
	.columns = columns,
	.main = top_main,
};
