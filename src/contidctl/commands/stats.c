// SPDX-License-Identifier: GPL-2.0
/* contidctl stats */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "container_json.h"
#include "counters.h"
#include "device.h"
#include "json.h"
#include "live.h"
#include "message.h"
#include "openmetrics.h"

static const struct {
	const char *name;
	uint32_t bit;
} features[] = {
	{ "join", AUDIT_CONTID_FEATURE_JOIN },
	{ "tree", AUDIT_CONTID_FEATURE_TREE },
	{ "pidfd", AUDIT_CONTID_FEATURE_PIDFD },
	{ "release", AUDIT_CONTID_FEATURE_RELEASE },
	{ "label", AUDIT_CONTID_FEATURE_LABEL },
	{ "rate", AUDIT_CONTID_FEATURE_RATE },
	{ "netcontid", AUDIT_CONTID_FEATURE_NETCONTID },
};

#define FEATURES (sizeof(features) / sizeof(*features))

static struct json_object *features_json(uint32_t has)
{
	struct json_object *out = json_object_new_array();

	for (size_t i = 0; i < FEATURES; i++) {
		if (has & features[i].bit)
			json_object_array_add(out, json_object_new_string(features[i].name));
	}
	return out;
}

static struct json_object *text_json(const char *text, size_t size)
{
	return json_object_new_string_len(text, strnlen(text, size));
}

static struct json_object *probe_json(const struct audit_contid_probe *probe)
{
	struct json_object *out = json_object_new_object();

	json_add(out, "purpose", text_json(probe->purpose, sizeof(probe->purpose)));
	json_add(out, "symbol", text_json(probe->symbol, sizeof(probe->symbol)));
	json_add_number(out, "hits", probe->hits);
	json_add_number(out, "nmissed", probe->nmissed);
	json_add(out, "proven", json_object_new_boolean(probe->proven));
	json_add(out, "optional",
		 json_object_new_boolean(probe->flags & AUDIT_CONTID_PROBE_OPTIONAL));
	json_add(out, "attached",
		 json_object_new_boolean(!(
			 probe->flags & (AUDIT_CONTID_PROBE_ABSENT | AUDIT_CONTID_PROBE_FAILED))));
	if (probe->flags & AUDIT_CONTID_PROBE_FAILED)
		json_add(out, "failed", json_object_new_boolean(true));
	return out;
}

/* All there is: the text for people is made of this. */
static struct json_object *stats_json(const struct audit_contid_info *info,
				      const struct audit_contid_stats *stats,
				      const struct audit_contid_probe *probes)
{
	struct json_object *out = json_object_new_object();
	struct json_object *list = json_object_new_array();

	json_add(out, "module_version", json_object_new_string(info->module_version));
	json_add(out, "features", features_json(info->features));
	json_add_number(out, "api_version", info->api_version);
	json_add_number(out, "max_depth", info->max_depth);
	json_add_number(out, "max_containers", info->max_containers);
	json_add(out, "hooks_on", json_object_new_boolean(stats->hooks_on));
	json_add_number(out, "hooks_off_seen", stats->hooks_off_seen);
	json_add_number(out, "processes", stats->processes);
	json_add_number(out, "containers", stats->containers);
	json_add_number(out, "registered", stats->registered);
	json_add_number(out, "refused", stats->refused);
	json_add_number(out, "inherited", stats->inherited);
	json_add_number(out, "inherit_failed", stats->inherit_failed);
	json_add_number(out, "stale", stats->stale);
	json_add_number(out, "unlabelled", stats->unlabelled);
	json_add_number(out, "unlabelled_passed", stats->unlabelled_passed);
	json_add_number(out, "unheld", stats->unheld);
	json_add_number(out, "signals_passed", stats->signals_passed);
	json_add_number(out, "unplaced", stats->unplaced);
	json_add_number(out, "cut", stats->cut);
	json_add_number(out, "bytes_per_process", stats->bytes_per_process);
	json_add_number(out, "bytes_fixed", stats->bytes_fixed);
	json_add_number(out, "bytes_labels", stats->bytes_labels);
	for (uint32_t i = 0; i < stats->count; i++)
		json_object_array_add(list, probe_json(&probes[i]));
	json_add(out, "probes", list);
	return out;
}

static const char *probe_note(struct json_object *probe)
{
	bool proven = json_object_get_boolean(json_object_object_get(probe, "proven"));

	if (json_object_object_get(probe, "failed"))
		return " optional, could not be attached";
	if (!json_object_get_boolean(json_object_object_get(probe, "attached")))
		return " optional, its module is not loaded";
	if (json_object_get_boolean(json_object_object_get(probe, "optional")))
		return " optional";
	return proven ? "" : " not proven";
}

static void print_probe(struct json_object *probe)
{
	printf("probe %-12s %-22s hits %s nmissed %s%s\n",
	       json_object_get_string(json_object_object_get(probe, "purpose")),
	       json_object_get_string(json_object_object_get(probe, "symbol")),
	       json_object_get_string(json_object_object_get(probe, "hits")),
	       json_object_get_string(json_object_object_get(probe, "nmissed")), probe_note(probe));
}

static void print_array(struct json_object *array)
{
	for (size_t i = 0; i < json_object_array_length(array); i++)
		printf(" %s", json_object_get_string(json_object_array_get_idx(array, i)));
}

/* A line for each member, and one for each probe. */
static void print_text(struct json_object *all)
{
	json_object_object_foreach(all, name, value) {
		if (!strcmp(name, "probes")) {
			for (size_t i = 0; i < json_object_array_length(value); i++)
				print_probe(json_object_array_get_idx(value, i));
			continue;
		}
		printf("%-18s", name);
		if (json_object_is_type(value, json_type_array))
			print_array(value);
		else if (json_object_is_type(value, json_type_boolean))
			printf(" %d", json_object_get_boolean(value));
		else
			printf(" %s", json_object_get_string(value));
		putchar('\n');
	}
	json_object_put(all);
}

enum stats_format { TEXT, AS_JSON, OPENMETRICS };

static const char *const formats[] = {
	[TEXT] = "text",
	[AS_JSON] = "json",
	[OPENMETRICS] = "openmetrics",
};

#define FORMATS (sizeof(formats) / sizeof(*formats))

/**
 * struct wish - what is to be printed
 * @format: in this form
 * @containers: those that live, too
 */
struct wish {
	enum stats_format format;
	bool containers;
};

/**
 * struct gathering - the live containers on their way into an array
 * @device: the open device
 * @array: gets them
 */
struct gathering {
	const struct device *device;
	struct json_object *array;
};

static bool take_container(void *data, const struct audit_contid_container *container)
{
	struct gathering *gathering = data;
	char label[LABEL_TEXT];

	live_label(gathering->device, &container->contid, label);
	json_object_array_add(gathering->array, container_json(container, label));
	return true;
}

static bool print_metrics(const struct device *device, struct json_object *all, bool containers)
{
	struct gathering gathering = { device, containers ? json_object_new_array() : NULL };
	int err = containers ? live_each(device->fd, take_container, &gathering, NULL) : 0;

	if (err)
		message("the list could not be read (%s)", strerror(err));
	else
		openmetrics_print(all, gathering.array);
	json_object_put(gathering.array);
	json_object_put(all);
	return !err;
}

enum { JSON, FORMAT, CONTAINERS };

static const struct command_option options[] = {
	[JSON] = { "json", 0, NULL, "the same as --format json" },
	[FORMAT] = { "format", 'f', "FORMAT", "text (the default), json or openmetrics" },
	[CONTAINERS] = { "containers", 'c', NULL, "openmetrics: of each live container, too" },
	{},
};

static int stats_option(void *data, const struct command *self, int option, char *value)
{
	struct wish *wish = data;

	switch (option) {
	case JSON:
		wish->format = AS_JSON;
		break;
	case FORMAT:
		for (size_t i = 0; i < FORMATS; i++) {
			if (strcmp(formats[i], value))
				continue;
			wish->format = i;
			return GO_ON;
		}
		return command_usage(self, "there is no format '%s'", value);
	case CONTAINERS:
		wish->containers = true;
	}
	return GO_ON;
}

static int stats_main(const struct command *self, int argc, char **argv)
{
	struct audit_contid_probe *probes;
	struct audit_contid_stats stats;
	struct json_object *all;
	struct device device;
	struct wish wish = {};
	bool done = true;
	int status;

	status = command_options(self, &argc, &argv, stats_option, &wish);
	if (status != GO_ON)
		return status;
	if (wish.containers && wish.format != OPENMETRICS)
		return command_usage(self, "--containers goes with --format openmetrics; "
					   "`contidctl list` has them otherwise");

	if (!device_open(&device))
		return REFUSED;
	probes = counters_read(device.fd, &stats);
	if (!probes) {
		message("the statistics could not be read (%s)", strerror(errno));
		return REFUSED;
	}
	all = stats_json(&device.info, &stats, probes);
	switch (wish.format) {
	case TEXT:
		print_text(all);
		break;
	case AS_JSON:
		json_print(all);
		break;
	case OPENMETRICS:
		done = print_metrics(&device, all, wish.containers);
	}
	free(probes);
	return done ? DONE : REFUSED;
}

const struct command stats_command = {
	.name = "stats",
	.summary = "show what the module has counted, and its probes",
	.options = options,
	.help = "Print the module's counters since it was loaded, and its probes.\n",
	.more = "  hooks_on        0 while the kernel's probes are switched off\n"
		"  hooks_off_seen  how often they were found so\n"
		"  inherit_failed  children that were killed because there was no memory for the\n"
		"                  ID they would inherit\n"
		"  stale           labels found without their process, and dropped\n"
		"  unlabelled      PID namespaces whose process 1 has executed a program and\n"
		"                  carried no ID; unlabelled_passed: those without a record, as\n"
		"                  there were more than 100 in a minute\n"
		"  unheld          how often a thread did not wait for a limit of records, as\n"
		"                  there was no memory\n"
		"  signals_passed  signals of containers to auditd without a record, as there\n"
		"                  were more than 20 of one in a minute\n"
		"  unplaced        records that had no room for contid=\n"
		"  cut             records that lost the end of their own text for contid=\n"
		"  nmissed         how often a probe was passed over, as another was at work\n"
		"\n"
		"  openmetrics     for Prometheus, by the textfile collector of its node exporter\n",
	.main = stats_main,
};
