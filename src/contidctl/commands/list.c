// SPDX-License-Identifier: GPL-2.0
/* contidctl list */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "command.h"
#include "container_json.h"
#include "device.h"
#include "json.h"
#include "live.h"
#include "message.h"
#include "names.h"

static void print_age(const struct row *row, FILE *to)
{
	uint64_t seconds = json_object_get_uint64(json_object_object_get(row->json, "age_seconds"));
	uint64_t minutes = seconds / 60, hours = minutes / 60;

	if (hours >= 48)
		fprintf(to, "%" PRIu64 "d%" PRIu64 "h", hours / 24, hours % 24);
	else if (hours)
		fprintf(to, "%" PRIu64 "h%02" PRIu64 "m", hours, minutes % 60);
	else if (minutes)
		fprintf(to, "%" PRIu64 "m%02" PRIu64 "s", minutes, seconds % 60);
	else
		fprintf(to, "%" PRIu64 "s", seconds);
}

static void print_rate(const struct row *row, FILE *to)
{
	uint64_t rate = json_object_get_uint64(json_object_object_get(row->json, "rate"));

	if (rate)
		fprintf(to, "%" PRIu64, rate);
	else
		fputc('-', to);
}

static void print_held(const struct row *row, FILE *to)
{
	uint64_t ns = json_object_get_uint64(json_object_object_get(row->json, "held_ns"));

	fprintf(to, "%.1fs", ns / 1e9);
}

static void print_namespaces(const struct row *row, FILE *to)
{
	const char *gap = "";

	json_object_object_foreach(json_object_object_get(row->json, "namespaces"), name, value) {
		fprintf(to, "%s%s=%s", gap, name, value ? json_object_get_string(value) : "?");
		gap = " ";
	}
}

/* places in the table below: the last one is only shown if it is asked for */
#define COLUMN_LABEL	  11
#define COLUMN_NAMESPACES 12
/* of a label with something behind it */
#define LABEL_WIDTH -16

static struct column columns[] = {
	{ "CONTID", -36, .key = "contid" },
	{ "PARENT", -36, .key = "parent" },
	{ "FIRST", 8, .key = "first_pid", .help = "first process, as a pid of the host" },
	{ "PROCESSES", 9, .key = "processes" },
	{ "AGE", 7, .format = print_age },
	{ "ASKED", 8, .key = "asked", .help = "audit records that its processes caused" },
	{ "WRITTEN", 8, .key = "written", .help = "those that were handed to auditd" },
	{ "LOST", 8, .key = "lost", .help = "those that were not: backlog, rate limit, memory" },
	{ "UNPLACED", 8, .key = "unplaced",
	  .help = "those written without contid=, as they could not be grown" },
	{ "RATE", 7, .format = print_rate,
	  .help = "its limit of records a second, - if it has none" },
	{ "HELD", 8, .format = print_held,
	  .help = "for how long its threads had to wait for a limit, its own or\n"
		  "that of one around it" },
	[COLUMN_LABEL] = { "NAME", 0, .key = "name",
			   .help = "what people call it: its label, or if it has none, what\n"
				   "podman, CRI-O or Docker of root calls it here" },
	[COLUMN_NAMESPACES] = { "NAMESPACES", 0, .format = print_namespaces,
				.help = "with -n: the device of their file system, and the inode\n"
					"number of each; ? if it is not known" },
	{},
};

/**
 * struct listing - on its way to stdout
 * @device: the open device
 * @names: what containers without a label are called
 * @array: for JSON, or NULL to print for people
 */
struct listing {
	struct device device;
	struct names *names;
	struct json_object *array;
};

static void add_name(struct json_object *to, const struct listing *listing)
{
	const char *id = json_object_get_string(json_object_object_get(to, "contid"));
	const char *name = json_object_get_string(json_object_object_get(to, "label"));

	if (!name && listing->names)
		name = names_of(listing->names, (struct slice){}, id, NAMES_NOW);
	json_add(to, "name", name ? json_object_new_string(name) : NULL);
}

/* Everything, and the age at the moment that it was asked for. */
static struct json_object *aged_json(const struct listing *listing,
				     const struct audit_contid_container *c)
{
	char label[LABEL_TEXT];
	struct json_object *out;
	struct timespec now;
	uint64_t now_ns;

	live_label(&listing->device, &c->contid, label);
	out = container_json(c, label);
	add_name(out, listing);

	clock_gettime(CLOCK_BOOTTIME, &now);
	now_ns = now.tv_sec * 1000000000ULL + now.tv_nsec;
	json_add_number(out, "age_seconds",
			now_ns > c->created_ns ? (now_ns - c->created_ns) / 1000000000 : 0);
	return out;
}

static bool take_container(void *data, const struct audit_contid_container *container)
{
	struct listing *listing = data;
	const struct row row = { .json = aged_json(listing, container) };

	if (listing->array) {
		json_object_array_add(listing->array, row.json);
	} else {
		columns_row(columns, &row);
		json_object_put(row.json);
	}
	return true;
}

enum { JSON, NAMESPACES };

static const struct command_option options[] = {
	[JSON] = { "json", 0, NULL, "everything, as an array of objects" },
	[NAMESPACES] = { "namespaces", 'n', NULL,
			 "with the first process's namespaces at registration" },
	{},
};

static int list_main(const struct command *self, int argc, char **argv)
{
	bool as_json = false, with_namespaces = false;
	bool *const flags[] = { [JSON] = &as_json, [NAMESPACES] = &with_namespaces };
	struct listing listing = {};
	int status, err;

	status = command_flags(self, &argc, &argv, flags);
	if (status != GO_ON)
		return status;
	if (!device_open(&listing.device))
		return REFUSED;
	if (with_namespaces)
		columns[COLUMN_LABEL].width = LABEL_WIDTH;
	else
		columns[COLUMN_NAMESPACES].name = NULL;
	/* without memory there are IDs alone */
	listing.names = names_new(true);
	if (as_json)
		listing.array = json_object_new_array();
	else
		columns_head(columns);
	err = live_each(listing.device.fd, take_container, &listing, NULL);
	names_free(listing.names);
	if (err) {
		message("the list could not be read (%s)", strerror(err));
		return REFUSED;
	}
	if (listing.array)
		json_print(listing.array);
	return DONE;
}

const struct command list_command = {
	.name = "list",
	.summary = "list the live containers",
	.options = options,
	.help = "List the live containers, oldest first; from inside of a container that\n"
		"one and those nested in it.\n",
	.columns = columns,
	.main = list_main,
};
