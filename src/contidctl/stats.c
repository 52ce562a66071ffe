// SPDX-License-Identifier: GPL-2.0
/* contidctl stats */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "command.h"
#include "device.h"
#include "json.h"
#include "message.h"

/* Asks for as many probes as there are; the caller frees them. */
static struct audit_contid_probe *stats_read(int fd, struct audit_contid_stats *stats)
{
	struct audit_contid_probe *probes = NULL, *more;
	uint32_t room = 16;

	do {
		more = realloc(probes, room * sizeof(*probes));
		if (!more)
			break;
		probes = more;
		*stats = (struct audit_contid_stats){
			.buffer = (uintptr_t)probes,
			.count = room,
		};
		if (ioctl(fd, AUDIT_CONTID_IOC_STATS, stats))
			break;
		if (stats->count <= room)
			return probes;
		room = stats->count;
	} while (1);
	free(probes);
	return NULL;
}

static const struct {
	const char *name;
	uint32_t bit;
} features[] = {
	{ "join", AUDIT_CONTID_FEATURE_JOIN },
	{ "tree", AUDIT_CONTID_FEATURE_TREE },
	{ "pidfd", AUDIT_CONTID_FEATURE_PIDFD },
};

#define FEATURES (sizeof(features) / sizeof(*features))

/* Each of the numbers, in one place for both ways to print them. */
static void each_number(const struct audit_contid_info *info,
			const struct audit_contid_stats *stats,
			void (*show)(void *to, const char *name, uint64_t value), void *to)
{
	show(to, "api_version", info->api_version);
	show(to, "max_depth", info->max_depth);
	show(to, "max_containers", info->max_containers);
	show(to, "hooks_on", stats->hooks_on);
	show(to, "hooks_off_seen", stats->hooks_off_seen);
	show(to, "processes", stats->processes);
	show(to, "containers", stats->containers);
	show(to, "registered", stats->registered);
	show(to, "refused", stats->refused);
	show(to, "inherited", stats->inherited);
	show(to, "inherit_failed", stats->inherit_failed);
	show(to, "stale", stats->stale);
	show(to, "unplaced", stats->unplaced);
	show(to, "bytes_per_process", stats->bytes_per_process);
	show(to, "bytes_fixed", stats->bytes_fixed);
}

static void print_number(void *to, const char *name, uint64_t value)
{
	fprintf(to, "%-18s %" PRIu64 "\n", name, value);
}

static void print_text(const struct audit_contid_info *info, const struct audit_contid_stats *stats,
		       const struct audit_contid_probe *probes)
{
	printf("%-18s %s\n", "module_version", info->module_version);
	printf("%-18s", "features");
	for (size_t i = 0; i < FEATURES; i++) {
		if (info->features & features[i].bit)
			printf(" %s", features[i].name);
	}
	putchar('\n');
	each_number(info, stats, print_number, stdout);
	for (uint32_t i = 0; i < stats->count; i++)
		printf("probe %-12.16s %-22.64s hits %" PRIu64 " nmissed %" PRIu64 "%s\n",
		       probes[i].purpose, probes[i].symbol, (uint64_t)probes[i].hits,
		       (uint64_t)probes[i].nmissed, probes[i].proven ? "" : " not proven");
}

static void add_number(void *to, const char *name, uint64_t value)
{
	json_add_number(to, name, value);
}

static void print_json(const struct audit_contid_info *info, const struct audit_contid_stats *stats,
		       const struct audit_contid_probe *probes)
{
	struct json_object *out = json_object_new_object();
	struct json_object *can = json_object_new_array();
	struct json_object *list = json_object_new_array();

	json_add(out, "module_version", json_object_new_string(info->module_version));
	for (size_t i = 0; i < FEATURES; i++) {
		if (info->features & features[i].bit)
			json_object_array_add(can, json_object_new_string(features[i].name));
	}
	json_add(out, "features", can);
	each_number(info, stats, add_number, out);
	json_add(out, "hooks_on", json_object_new_boolean(stats->hooks_on));
	for (uint32_t i = 0; i < stats->count; i++) {
		const struct audit_contid_probe *p = &probes[i];
		struct json_object *probe = json_object_new_object();

		json_add(probe, "purpose",
			 json_object_new_string_len(p->purpose,
						    strnlen(p->purpose, sizeof(p->purpose))));
		json_add(probe, "symbol",
			 json_object_new_string_len(p->symbol,
						    strnlen(p->symbol, sizeof(p->symbol))));
		json_add_number(probe, "hits", p->hits);
		json_add_number(probe, "nmissed", p->nmissed);
		json_add(probe, "proven", json_object_new_boolean(p->proven));
		json_object_array_add(list, probe);
	}
	json_add(out, "probes", list);
	json_print(out);
}

static int stats_main(const struct command *self, int argc, char **argv)
{
	struct audit_contid_probe *probes;
	struct audit_contid_stats stats;
	struct device device;
	bool json = false;
	const struct flag flags[] = { { "json", 0, &json }, {} };
	int status;

	status = command_flags(self, argc, argv, flags);
	if (status >= 0)
		return status;
	if (argc != optind)
		return command_usage(self, "too many arguments");

	if (!device_open(&device))
		return REFUSED;
	probes = stats_read(device.fd, &stats);
	if (!probes) {
		message("%s: the statistics could not be read", strerror(errno));
		return REFUSED;
	}
	if (json)
		print_json(&device.info, &stats, probes);
	else
		print_text(&device.info, &stats, probes);
	free(probes);
	return DONE;
}

const struct command stats_command = {
	.name = "stats",
	.help = "stats [--json]\n"
		"Print the module's counters since it was loaded, and its probes.\n"
		"\n"
		"      --json  the same, as an object\n"
		"  -h, --help  this text\n"
		"\n"
		"  hooks_on        0 while somebody has switched the kernel's probes off\n"
		"  hooks_off_seen  how often they were found so\n"
		"  inherit_failed  children that were killed for want of memory, lest they\n"
		"                  go without what they should inherit\n"
		"  stale           labels found without their process, and dropped\n"
		"  unplaced        records that could not be grown by contid=\n"
		"  nmissed         how often a probe was passed over, as another was at work\n",
	.main = stats_main,
};
