// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE /* strptime */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>

#include "chronicle.h"
#include "command.h"
#include "json.h"
#include "live.h"
#include "message.h"
#include "moment.h"
#include "names.h"
#include "page.h"
#include "printable.h"
#include "system_log.h"
#include "tally.h"

/**
 * struct page - a page on its way
 * @reading: the logs, and the period
 * @tally: what was counted
 * @chronicle: what else the log says
 * @out: all of it, as JSON: the text is made of this
 * @losses: of containers that live, by their IDs
 * @is_system: the log is this machine's
 */
struct page {
	struct reading *reading;
	struct tally *tally;
	struct chronicle chronicle;
	struct json_object *out, *losses;
	bool is_system;
};

/**
 * page_period - read a month
 * @text: YYYY-MM
 * @intake: gets its begin and its end, in local time
 *
 * Return: false if it is none.
 */
bool page_period(const char *text, struct intake *intake)
{
	struct tm month = { .tm_mday = 1, .tm_isdst = -1 }, next;
	const char *end = strlen(text) == strlen("YYYY-MM") ? strptime(text, "%Y-%m", &month) :
							      NULL;

	if (!end || *end)
		return false;
	next = month;
	next.tm_mon++;
	intake->since = (uint64_t)mktime(&month) * 1000;
	intake->until = (uint64_t)mktime(&next) * 1000 - 1;
	return true;
}

static bool page_wants(void *data, const struct record *record)
{
	(void)data;
	return tally_wants(record) || chronicle_wants(record);
}

static void page_take(void *data, const struct event *event)
{
	struct page *page = data;

	if (page->reading->failed)
		return;
	chronicle_add(&page->chronicle, event);
	if (tally_add(page->tally, event) && !page->chronicle.failed)
		return;
	message("%s", strerror(ENOMEM));
	page->reading->failed = true;
}

static bool add_loss(void *data, const struct audit_contid_container *container)
{
	char contid[CONTID_TEXT];

	contid_format(&container->contid, contid);
	json_add_number(data, contid, live_lost(container));
	return true;
}

static struct json_object *text_json(const char *text)
{
	char *shown = text && *text ? printable(text) : NULL;
	struct json_object *out = shown ? json_object_new_string(shown) : NULL;

	free(shown);
	return out;
}

static struct json_object *moment_json(uint64_t milli)
{
	char text[MOMENT_TEXT];

	if (!milli)
		return NULL;
	moment_format(milli, text);
	return json_object_new_string(text);
}

static struct json_object *container_json(const struct page *page, const struct life *life)
{
	struct names *names = page->reading->intake.names;
	struct slice node = { life->node, strlen(life->node) };
	const struct told *told = chronicle_find(&page->chronicle, node, life->contid, life->began);
	uint64_t when = life->began ?: life->first;
	struct image image = names_image(names, node, life->contid, when);
	const char *name = names_of(names, node, life->contid, when);
	struct json_object *out = json_object_new_object(), *lost = NULL;

	if (!life->ended)
		lost = json_object_object_get(page->losses, life->contid);
	/* they are printable already */
	json_add(out, "name", name ? json_object_new_string(name) : NULL);
	json_add(out, "image", image.name ? json_object_new_string(image.name) : NULL);
	json_add(out, "contid", json_object_new_string(life->contid));
	json_add(out, "parent", text_json(life->parent));
	json_add(out, "node", text_json(life->node));
	json_add(out, "began", moment_json(life->began));
	json_add(out, "ended", moment_json(life->ended));
	json_add(out, "auid", text_json(life->auid));
	json_add(out, "exe", text_json(life->exe));
	json_add_number(out, "entries", told ? told->entries : 0);
	json_add_number(out, "processes", life->processes);
	json_add_number(out, "events", life->events);
	json_add_number(out, "failed", life->failed);
	json_add(out, "lost", json_object_get(lost));
	return out;
}

static struct json_object *containers_json(const struct page *page)
{
	struct json_object *out = json_object_new_array();

	for (const struct life *life = tally_lives(page->tally); life; life = life->next)
		json_object_array_add(out, container_json(page, life));
	return out;
}

static struct json_object *nameless_json(const struct chronicle *chronicle)
{
	struct json_object *out = json_object_new_array();

	for (size_t i = 0; i < chronicle->nameless_count; i++) {
		struct json_object *one = json_object_new_object();

		json_add(one, "began", moment_json(chronicle->nameless[i].when));
		json_add(one, "pid", text_json(chronicle->nameless[i].pid));
		json_add(one, "exe", text_json(chronicle->nameless[i].exe));
		json_add(one, "node", text_json(chronicle->nameless[i].machine));
		json_object_array_add(out, one);
	}
	return out;
}

static struct json_object *spans_json(const struct chronicle *chronicle)
{
	struct json_object *out = json_object_new_array();

	for (size_t i = 0; i < chronicle->span_count; i++) {
		struct json_object *one = json_object_new_object();

		json_add(one, "from", moment_json(chronicle->spans[i].from));
		json_add(one, "to", moment_json(chronicle->spans[i].to));
		json_add(one, "why", json_object_new_string(chronicle->spans[i].why));
		json_add(one, "node", text_json(chronicle->spans[i].machine));
		json_object_array_add(out, one);
	}
	return out;
}

static struct json_object *page_json(const struct page *page)
{
	const struct intake *intake = &page->reading->intake;
	struct json_object *out = json_object_new_object();
	struct utsname machine;
	uint64_t now;

	uname(&machine);
	moment_parse("now", false, &now);
	json_add_number(out, "schema", 1);
	json_add(out, "machine", page->is_system ? json_object_new_string(machine.nodename) : NULL);
	json_add(out, "printed", moment_json(now));
	json_add(out, "since", moment_json(intake->since));
	json_add(out, "until", moment_json(intake->until));
	json_add(out, "first_record", moment_json(intake->first));
	json_add(out, "last_record", moment_json(intake->last));
	json_add(out, "containers", containers_json(page));
	json_add_number(out, "refused", tally_refused(page->tally));
	json_add(out, "unlabelled", nameless_json(&page->chronicle));
	json_add(out, "off", spans_json(&page->chronicle));
	return out;
}

static const char *value_of(struct json_object *object, const char *key, const char *otherwise)
{
	struct json_object *value = json_object_object_get(object, key);

	return value ? json_object_get_string(value) : otherwise;
}

static void print_container(struct json_object *one)
{
	printf("\n%s\n  image     %s\n  ID        %s%s%s\n", value_of(one, "name", "(no name)"),
	       value_of(one, "image", "not known"), value_of(one, "contid", "?"),
	       value_of(one, "parent", NULL) ? ", nested in " : "", value_of(one, "parent", ""));
	if (value_of(one, "node", NULL))
		printf("  machine   %s\n", value_of(one, "node", ""));
	printf("  began     %s", value_of(one, "began", "before this period, or not on record"));
	if (value_of(one, "began", NULL))
		printf(", by auid %s with %s", value_of(one, "auid", "?"),
		       value_of(one, "exe", "?"));
	printf("\n  ended     %s\n", value_of(one, "ended", "not in this period"));
	printf("  entries %s, processes %s, events %s, failures %s, records lost %s\n",
	       value_of(one, "entries", "?"), value_of(one, "processes", "?"),
	       value_of(one, "events", "?"), value_of(one, "failed", "?"),
	       value_of(one, "lost", "not known"));
}

static void print_list(struct json_object *out, const char *key, const char *title,
		       void (*print)(struct json_object *one))
{
	struct json_object *list = json_object_object_get(out, key);
	size_t count = json_object_array_length(list);

	printf("\n%s: %zu\n", title, count);
	for (size_t i = 0; i < count; i++)
		print(json_object_array_get_idx(list, i));
}

static void print_node(struct json_object *one)
{
	if (value_of(one, "node", NULL))
		printf(", on %s", value_of(one, "node", ""));
	putchar('\n');
}

static void print_nameless(struct json_object *one)
{
	printf("  %s, process %s, %s", value_of(one, "began", "?"), value_of(one, "pid", "?"),
	       value_of(one, "exe", "?"));
	print_node(one);
}

static void print_span(struct json_object *one)
{
	printf("  %s to %s: %s", value_of(one, "from", "(not on record)"),
	       value_of(one, "to", "(not ended)"), value_of(one, "why", "?"));
	print_node(one);
}

static void print_page(struct json_object *out)
{
	printf("Containers on record\n\nmachine   %s\nperiod    %s to %s\n",
	       value_of(out, "machine", "that of the log"), value_of(out, "since", "?"),
	       value_of(out, "until", "?"));
	printf("the log   %s to %s\nprinted   %s by contidctl " VERSION "\n",
	       value_of(out, "first_record", "?"), value_of(out, "last_record", "?"),
	       value_of(out, "printed", "?"));
	print_list(out, "containers", "Containers", print_container);
	print_list(out, "unlabelled", "Began without an ID", print_nameless);
	print_list(out, "off", "Times in which nothing was labelled", print_span);
	printf("\nRegistrations that were refused: %s\n", value_of(out, "refused", "?"));
	puts("\n\nReviewed by ______________________   Date ____________   Signature ____________");
}

static void read_losses(struct page *page)
{
	struct live live;

	page->losses = json_object_new_object();
	if (!page->is_system || !live_open(&live))
		return;
	live_each(live.fd, add_loss, page->losses, NULL);
	live_close(&live);
}

static bool read_all(struct page *page)
{
	const struct assembly_user user = { page_wants, page_take, page };

	page->tally = tally_new();
	page->reading->intake.names = names_new(page->is_system);
	if (!chronicle_begin(&page->chronicle) || !page->tally || !page->reading->intake.names) {
		message("%s", strerror(ENOMEM));
		return false;
	}
	return reading_do(page->reading, &user);
}

/**
 * page_run - print what a log says of a period
 * @reading: the logs, or none to read this machine's; and the period
 * @json: for programs
 *
 * Return: an exit code: REFUSED also if there is no container.
 */
int page_run(struct reading *reading, bool json)
{
	struct page page = { .reading = reading, .is_system = !reading->logs.count };
	int status = REFUSED;

	if (page.is_system && !logs_add_system(&reading->logs))
		return REFUSED;
	if (read_all(&page)) {
		read_losses(&page);
		page.out = page_json(&page);
		if (json)
			json_print(json_object_get(page.out));
		else
			print_page(page.out);
		if (tally_lives(page.tally) || page.chronicle.nameless_count)
			status = reading_is_whole(reading) ? DONE : REFUSED;
		else
			message("no record of this time names a container");
	}
	json_object_put(page.out);
	json_object_put(page.losses);
	chronicle_free(&page.chronicle);
	tally_free(page.tally);
	return status;
}
