// SPDX-License-Identifier: GPL-2.0
/* contidctl list */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>

#include "command.h"
#include "container_json.h"
#include "contid.h"
#include "device.h"
#include "json.h"
#include "live.h"
#include "message.h"

#define CHUNK 1024

static uint64_t age(const struct audit_contid_container *c, uint64_t now_ns)
{
	return now_ns > c->created_ns ? (now_ns - c->created_ns) / 1000000000 : 0;
}

static void age_format(uint64_t seconds, char *text, size_t size)
{
	uint64_t minutes = seconds / 60, hours = minutes / 60;

	if (hours >= 48)
		snprintf(text, size, "%" PRIu64 "d%" PRIu64 "h", hours / 24, hours % 24);
	else if (hours)
		snprintf(text, size, "%" PRIu64 "h%02" PRIu64 "m", hours, minutes % 60);
	else if (minutes)
		snprintf(text, size, "%" PRIu64 "m%02" PRIu64 "s", minutes, seconds % 60);
	else
		snprintf(text, size, "%" PRIu64 "s", seconds);
}

static void print_head(bool with_namespaces)
{
	printf("%-36s %-36s %8s %9s %7s %8s %8s %8s %8s", "CONTID", "PARENT", "FIRST", "PROCESSES",
	       "AGE", "ASKED", "WRITTEN", "LOST", "UNPLACED");
	if (with_namespaces)
		printf("  NAMESPACES");
	putchar('\n');
}

static void print_namespaces(const struct audit_contid_container *c)
{
	if (container_device_is_known(c))
		printf("  dev=%u:%u", c->ns_dev_major, c->ns_dev_minor);
	else
		printf("  dev=?");
	for (int i = 0; i < AUDIT_CONTID_NS_COUNT; i++) {
		if (c->ns[i])
			printf(" %s=%u", container_namespaces[i], c->ns[i]);
		else
			printf(" %s=?", container_namespaces[i]);
	}
}

static void print_container(const struct audit_contid_container *c, uint64_t now_ns,
			    bool with_namespaces)
{
	char contid[CONTID_TEXT], parent[CONTID_TEXT] = "-", how_old[24];

	contid_format(&c->contid, contid);
	if (c->depth > 1)
		contid_format(&c->parent, parent);
	age_format(age(c, now_ns), how_old, sizeof(how_old));
	printf("%-36s %-36s %8d %9" PRIu64 " %7s %8" PRIu64 " %8" PRIu64 " %8" PRIu64 " %8" PRIu64,
	       contid, parent, c->first_pid, (uint64_t)c->processes, how_old, (uint64_t)c->asked,
	       (uint64_t)c->written, live_lost(c), (uint64_t)c->unplaced);
	if (with_namespaces)
		print_namespaces(c);
	putchar('\n');
}

/* Everything, and the age at the moment that it was asked for. */
static struct json_object *aged_json(const struct audit_contid_container *c, uint64_t now_ns)
{
	struct json_object *out = container_json(c);

	json_add_number(out, "age_seconds", age(c, now_ns));
	return out;
}

static int list_main(const struct command *self, int argc, char **argv)
{
	static struct audit_contid_container found[CHUNK];
	struct audit_contid_list list = {};
	struct json_object *json = NULL;
	bool as_json = false, with_namespaces = false;
	const struct flag flags[] = {
		{ "json", 0, &as_json },
		{ "namespaces", 'n', &with_namespaces },
		{},
	};
	struct device device;
	struct timespec now;
	uint64_t now_ns;
	int status;

	status = command_flags(self, argc, argv, flags);
	if (status >= 0)
		return status;
	if (argc != optind)
		return command_usage(self, "too many arguments");

	if (!device_open(&device))
		return REFUSED;
	if (as_json)
		json = json_object_new_array();
	else
		print_head(with_namespaces);
	do {
		list = (struct audit_contid_list){
			.after = list.after,
			.buffer = (uintptr_t)found,
			.count = CHUNK,
		};
		if (ioctl(device.fd, AUDIT_CONTID_IOC_LIST, &list)) {
			message("%s: the list could not be read", strerror(errno));
			return REFUSED;
		}
		clock_gettime(CLOCK_BOOTTIME, &now);
		now_ns = now.tv_sec * 1000000000ULL + now.tv_nsec;
		for (uint32_t i = 0; i < list.count; i++) {
			if (json)
				json_object_array_add(json, aged_json(&found[i], now_ns));
			else
				print_container(&found[i], now_ns, with_namespaces);
		}
	} while (list.more);
	if (json)
		json_print(json);
	return DONE;
}

const struct command list_command = {
	.name = "list",
	.help = "list [--json] [--namespaces]\n"
		"List the live containers, oldest first; from inside of a container that\n"
		"one and those nested in it.\n"
		"\n"
		"  -n, --namespaces  with the first process's namespaces at registration:\n"
		"                    their device, and the inode number of each\n"
		"      --json        everything, as an array of objects\n"
		"  -h, --help        this text\n"
		"\n"
		"  FIRST     first process, as a pid of the host\n"
		"  ASKED     audit records that its processes caused\n"
		"  WRITTEN   those that were handed to auditd\n"
		"  LOST      those that were not: backlog, memory, exclude rules\n"
		"  UNPLACED  those written without contid=, as they could not be grown\n",
	.main = list_main,
};
