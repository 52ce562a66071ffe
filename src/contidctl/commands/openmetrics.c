// SPDX-License-Identifier: GPL-2.0
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>

#include "openmetrics.h"

#define PREFIX "audit_contid_"

/**
 * struct metric - a number of an object, as a family of metrics
 * @key: of the number
 * @name: of the family, without prefix and _total; NULL for @key
 * @counts: it only grows; what does not is a gauge
 * @help: one line
 *
 * A table of them ends with one that has no key.
 */
struct metric {
	const char *key;
	const char *name;
	bool counts;
	const char *help;
};

static const struct metric of_module[] = {
	{ "hooks_on", "probes_on", false, "1 while the kernel's probes fire, 0 if switched off" },
	{ "hooks_off_seen", "probes_found_off", true, "How often the probes were found off" },
	{ "processes", NULL, false, "Live processes that carry a container ID" },
	{ "containers", NULL, false, "Live containers" },
	{ "max_containers", "containers_limit", false, "So many containers may live at a time" },
	{ "registered", "registrations", true, "Successful registrations and joins" },
	{ "refused", "registrations_refused", true, "Registrations that were refused" },
	{ "inherited", NULL, true, "Processes that inherited an ID" },
	{ "inherit_failed", "inherit_failures", true, "Children killed for want of memory" },
	{ "stale", "stale_labels", true, "Labels found without their process, and dropped" },
	{ "unlabelled", "unlabelled_namespaces", true,
	  "PID namespaces whose process 1 executed a program without an ID" },
	{ "unlabelled_passed", "unlabelled_unrecorded", true,
	  "Those without a record, as there were too many in a minute" },
	{ "signals_passed", "auditd_signals_unrecorded", true,
	  "Signals of containers to auditd without a record, as there were too many" },
	{ "unheld", "unheld_threads", true,
	  "How often a thread did not wait for a limit, for want of memory" },
	{ "unplaced", "records_unplaced", true, "Records without room for contid=" },
	{ "cut", "records_cut", true, "Records that lost their end for contid=" },
	{ "bytes_fixed", "table_bytes", false, "Kernel memory of the table of processes" },
	{ "bytes_labels", "labels_bytes", false, "Kernel memory of the containers' labels" },
	{},
};

static const struct metric of_probe[] = {
	{ "hits", "probe_hits", true, "How often a probe fired" },
	{ "nmissed", "probe_missed", true, "How often a probe was passed over" },
	{},
};

static const struct metric of_container[] = {
	{ "processes", "container_processes", false, "Live processes of a container" },
	{ "asked", "container_records_asked", true, "Audit records a container caused" },
	{ "written", "container_records_written", true, "Its records that went to auditd" },
	{ "lost", "container_records_lost", true, "Its records that never came to auditd" },
	{ "unplaced", "container_records_unplaced", true, "Its records without contid=" },
	{ "cut", "container_records_cut", true, "Its records that lost their end" },
	{ "rate", "container_rate", false, "Its limit of records a second, 0 for none" },
	{ "held", "container_held", true, "How often a thread had to wait for a limit" },
	{ "held_ns", "container_held_nanoseconds", true, "For how long they had to, together" },
	{},
};

/* The label of a sample: its name, and the member that is its value. */
struct sample_label {
	const char *name;
	const char *key;
};

static const struct sample_label probe_labels[] = { { "probe", "purpose" },
						    { "symbol", "symbol" },
						    {} };
static const struct sample_label container_labels[] = { { "contid", "contid" },
							{ "name", "label" },
							{} };

static void print_escaped(const char *text)
{
	for (; *text; text++) {
		if (*text == '\\' || *text == '"')
			putchar('\\');
		if (*text == '\n')
			fputs("\\n", stdout);
		else
			putchar(*text);
	}
}

static void print_labels(const struct sample_label *label, struct json_object *from)
{
	for (const char *gap = "{"; label->name; label++, gap = ",") {
		struct json_object *value = json_object_object_get(from, label->key);

		printf("%s%s=\"", gap, label->name);
		print_escaped(value ? json_object_get_string(value) : "");
		putchar('"');
	}
	putchar('}');
}

static void print_head(const struct metric *metric)
{
	const char *name = metric->name ?: metric->key;

	printf("# HELP " PREFIX "%s %s\n", name, metric->help);
	printf("# TYPE " PREFIX "%s %s\n", name, metric->counts ? "counter" : "gauge");
}

static void print_sample(const struct metric *metric, const struct sample_label *labels,
			 struct json_object *from)
{
	struct json_object *value = json_object_object_get(from, metric->key);

	printf(PREFIX "%s%s", metric->name ?: metric->key, metric->counts ? "_total" : "");
	if (labels)
		print_labels(labels, from);
	/* a boolean is a number, too */
	if (json_object_is_type(value, json_type_boolean))
		printf(" %d\n", json_object_get_boolean(value));
	else
		printf(" %" PRIu64 "\n", json_object_get_uint64(value));
}

/* All samples of a family stand together. */
static void print_families(const struct metric *metric, const struct sample_label *labels,
			   struct json_object *list)
{
	for (; metric->key; metric++) {
		print_head(metric);
		for (size_t i = 0; i < json_object_array_length(list); i++)
			print_sample(metric, labels, json_object_array_get_idx(list, i));
	}
}

/*
 * The version is a gauge of value 1: the collector of textfiles understands no metric of
 * OpenMetrics' type info.
 */
static void print_module(struct json_object *stats)
{
	puts("# HELP " PREFIX "module The module that is loaded\n"
	     "# TYPE " PREFIX "module gauge");
	fputs(PREFIX "module{version=\"", stdout);
	print_escaped(json_object_get_string(json_object_object_get(stats, "module_version")));
	puts("\"} 1");
	for (const struct metric *metric = of_module; metric->key; metric++) {
		print_head(metric);
		print_sample(metric, NULL, stats);
	}
}

/**
 * openmetrics_print - print counters in the text format of OpenMetrics
 * @stats: of the module, as stats --json has them
 * @containers: an array of live containers, as list --json has them; NULL to leave
 *	them out
 */
void openmetrics_print(struct json_object *stats, struct json_object *containers)
{
	print_module(stats);
	print_families(of_probe, probe_labels, json_object_object_get(stats, "probes"));
	if (containers)
		print_families(of_container, container_labels, containers);
	puts("# EOF");
}
