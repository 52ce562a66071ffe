// SPDX-License-Identifier: GPL-2.0
/* What an adoption has done, as a table or as JSON. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "adoption.h"
#include "contid.h"
#include "json.h"

#define SHORT_NAME 12 /* of a runtime's 64 digits */

static const char *const not_known[] = {
	"containers without a cgroup of their own (podman --cgroups=disabled), or in one that no "
	"known runtime has named: `contidctl register --tree PID [CONTID]` for each",
	"processes that have left both the container's cgroup and its mount namespace, and no "
	"longer descend from one that is in there",
	"what containers and their processes did before now",
	"containers that are restored from a checkpoint later, as runtimes run no hook for "
	"them: run this again",
};

static const char *const results[] = {
	[REGISTER] = "registered",
	[KEEP] = "kept",
	[REFUSE] = "refused",
};

static const struct {
	int err;
	const char *text;
} reasons[] = {
	{ EPERM, "CAP_AUDIT_CONTROL in the initial user namespace is needed" },
	{ ENOTUNIQ, "another live container has this ID" },
	{ EMLINK, "it would be nested deeper than the module's parameter max_depth" },
	{ ENOSPC, "more containers than the module's parameter max_containers" },
	{ EEXIST, "it was registered before, and an ID is written once" },
	{ EXDEV, "what it carries does not enclose this container, or contidctl descends from it" },
	{ ENOENT, "the container has ended" },
	{ ESRCH, "its first process was another one each time: run this again" },
};

/**
 * refusal_format - what an errno of the kernel's means for a process or a container
 * @err: it
 * @text: out
 */
void refusal_format(int err, char text[REFUSAL_TEXT])
{
	const char *reason = NULL;

	for (size_t i = 0; i < sizeof(reasons) / sizeof(*reasons); i++) {
		if (reasons[i].err == err)
			reason = reasons[i].text;
	}
	snprintf(text, REFUSAL_TEXT, "%s%s%s", strerror(err), reason ? ": " : "", reason ?: "");
}

/* Names of cgroups may be anybody's choice. */
static void printable(char *text)
{
	for (; *text; text++) {
		if (!isascii(*text) || !isprint(*text))
			*text = '?';
	}
}

static void short_name(const struct found *found, char name[NAME_MAX + 1])
{
	size_t length = strlen(found->id.name);

	memcpy(name, found->id.name, length + 1);
	if (length == 64 && strspn(name, "0123456789abcdef") == length)
		name[SHORT_NAME] = '\0';
	printable(name);
}

static void print_row(const struct found *found, int width)
{
	char contid[CONTID_TEXT], parent[CONTID_TEXT] = "-", name[NAME_MAX + 1], text[REFUSAL_TEXT];

	short_name(found, name);
	contid_format(&found->id.contid, contid);
	if (found->depth > 1)
		contid_format(&found->parent, parent);
	printf("%-10s %-*s %-36s %-36s %8d %9zu %7zu  %s", found->id.runtime, width, name, contid,
	       parent, found->init, found->processes, found->joined_count, results[found->action]);
	if (found->err) {
		refusal_format(found->err, text);
		printf(": %s", text);
	}
	putchar('\n');
}

static void print_table(const struct adoption *adoption)
{
	int width = SHORT_NAME;
	char name[NAME_MAX + 1];

	for (size_t i = 0; i < adoption->found.count; i++) {
		short_name(adoption->found.items[i], name);
		if ((int)strlen(name) > width)
			width = strlen(name);
	}
	printf("%-10s %-*s %-36s %-36s %8s %9s %7s  %s\n", "RUNTIME", width, "NAME", "CONTID",
	       "PARENT", "INIT", "PROCESSES", "JOINED", "RESULT");
	for (size_t i = 0; i < adoption->found.count; i++) {
		if (adoption->found.items[i]->planned)
			print_row(adoption->found.items[i], width);
	}
}

static void print_aside(const struct aside *aside)
{
	char name[NAME_MAX + 1], text[REFUSAL_TEXT];

	printf("  process %d (%s)", aside->pid, aside->name);
	if (aside->found) {
		short_name(aside->found, name);
		printf(", %s %s", aside->found->id.runtime, name);
	} else {
		printable(aside->cgroup);
		printf(", %s", aside->cgroup);
	}
	if (aside->err) {
		refusal_format(aside->err, text);
		printf(": %s", text);
	}
	putchar('\n');
}

static void print_asides(const char *head, const struct aside_list *list)
{
	if (list->count)
		printf("\n%s:\n", head);
	for (size_t i = 0; i < list->count; i++)
		print_aside(&list->items[i]);
}

static void print_failures(const struct adoption *adoption)
{
	char name[NAME_MAX + 1];

	if (adoption_is_complete(adoption))
		return;
	puts("\nWhat could not be done:");
	for (size_t i = 0; i < adoption->found.count; i++) {
		const struct found *found = adoption->found.items[i];
		char text[REFUSAL_TEXT];

		short_name(found, name);
		if (found->planned && found->action == REFUSE) {
			refusal_format(found->err, text);
			printf("  %s %s: %s\n", found->id.runtime, name, text);
		}
		if (found->planned && found->note)
			printf("  %s %s: %s\n", found->id.runtime, name, found->note);
	}
	for (size_t i = 0; i < adoption->refused.count; i++)
		print_aside(&adoption->refused.items[i]);
}

/**
 * adoption_print - as a table, for people
 * @adoption: what was done, or is to be done
 */
void adoption_print(const struct adoption *adoption)
{
	print_table(adoption);
	print_failures(adoption);
	print_asides("Left outside, as the runtimes' own", &adoption->runtimes);
	print_asides("In no container that is known, though the first of a PID namespace",
		     &adoption->unknown);
	puts("\nWhat can not be known:");
	for (size_t i = 0; i < sizeof(not_known) / sizeof(*not_known); i++)
		printf("  %s\n", not_known[i]);
}

static struct json_object *text_json(const char *text)
{
	char copy[PATH_MAX];

	snprintf(copy, sizeof(copy), "%s", text);
	printable(copy);
	return json_object_new_string(copy);
}

static void add_error(struct json_object *to, int err)
{
	char text[REFUSAL_TEXT];

	refusal_format(err, text);
	json_add(to, "error", err ? json_object_new_string(text) : NULL);
	json_add(to, "errno", err ? json_object_new_int(err) : NULL);
}

static struct json_object *contid_json(const struct audit_contid *contid)
{
	char text[CONTID_TEXT];

	contid_format(contid, text);
	return json_object_new_string(text);
}

static struct json_object *found_json(const struct found *found)
{
	struct json_object *out = json_object_new_object();

	json_add(out, "runtime", json_object_new_string(found->id.runtime));
	json_add(out, "name", text_json(found->id.name));
	json_add(out, "contid", contid_json(&found->id.contid));
	json_add(out, "parent", found->depth > 1 ? contid_json(&found->parent) : NULL);
	json_add(out, "cgroup", text_json(found->cgroup));
	json_add(out, "init", json_object_new_int(found->init));
	json_add_number(out, "processes", found->processes);
	json_add_number(out, "joined", found->joined_count);
	json_add(out, "result", json_object_new_string(results[found->action]));
	add_error(out, found->err);
	json_add(out, "note", found->note ? json_object_new_string(found->note) : NULL);
	return out;
}

static struct json_object *asides_json(const struct aside_list *list)
{
	struct json_object *out = json_object_new_array();

	for (size_t i = 0; i < list->count; i++) {
		const struct aside *aside = &list->items[i];
		struct json_object *one = json_object_new_object();

		json_add(one, "pid", json_object_new_int(aside->pid));
		json_add(one, "comm", json_object_new_string(aside->name));
		json_add(one, "cgroup", text_json(aside->cgroup));
		json_add(one, "contid",
			 aside->found ? contid_json(&aside->found->id.contid) : NULL);
		add_error(one, aside->err);
		json_object_array_add(out, one);
	}
	return out;
}

/**
 * adoption_print_json - the same, for programs
 * @adoption: what was done, or is to be done
 */
void adoption_print_json(const struct adoption *adoption)
{
	struct json_object *out = json_object_new_object();
	struct json_object *containers = json_object_new_array();
	struct json_object *limits = json_object_new_array();

	json_add(out, "dry_run", json_object_new_boolean(adoption->dry_run));
	for (size_t i = 0; i < adoption->found.count; i++) {
		if (adoption->found.items[i]->planned)
			json_object_array_add(containers, found_json(adoption->found.items[i]));
	}
	json_add(out, "containers", containers);
	json_add(out, "refused", asides_json(&adoption->refused));
	json_add(out, "runtimes", asides_json(&adoption->runtimes));
	json_add(out, "unknown", asides_json(&adoption->unknown));
	for (size_t i = 0; i < sizeof(not_known) / sizeof(*not_known); i++)
		json_object_array_add(limits, json_object_new_string(not_known[i]));
	json_add(out, "not_known", limits);
	json_print(out);
}
