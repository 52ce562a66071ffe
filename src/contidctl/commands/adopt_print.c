// SPDX-License-Identifier: GPL-2.0
/* What an adoption has done, as a table or as JSON. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "adopt_print.h"
#include "container_json.h"
#include "contid.h"
#include "json.h"
#include "refusal.h"

#define REFUSALS   20 /* of a look of the watch */
#define SHORT_NAME 12 /* of a runtime's 64 digits */
#define OWNER_TEXT (CONTID_TEXT + 16)

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

static void found_refusal(const struct adoption *adoption, const struct found *found,
			  char text[REFUSAL_TEXT])
{
	const struct registration what = {
		.pid = found->init,
		.contid = found->id.contid,
		.tree = true,
		.start = true,
	};

	if (found->why)
		snprintf(text, REFUSAL_TEXT, "%s (%s)", found->why, strerror(found->err));
	else
		refusal_format(&adoption->device, &what, found->err, text);
}

static void aside_refusal(const struct adoption *adoption, const struct aside *aside,
			  char text[REFUSAL_TEXT])
{
	struct registration what = { .pid = aside->pid, .join = true, .tree = true };

	if (aside->found)
		what.contid = aside->found->id.contid;
	refusal_format(&adoption->device, &what, aside->err, text);
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

/* Whose choice the name is. */
static const char *named_by(const struct found *found, char text[OWNER_TEXT])
{
	snprintf(text, OWNER_TEXT, "%s %s", strchr(found->name_of, '-') ? "container" : "user",
		 found->name_of);
	return text;
}

static struct json_object *text_json(const char *text)
{
	char copy[PATH_MAX];

	snprintf(copy, sizeof(copy), "%s", text);
	printable(copy);
	return json_object_new_string(copy);
}

static void add_error(struct json_object *to, int err, const char *text)
{
	json_add(to, "error", err ? json_object_new_string(text) : NULL);
	json_add(to, "errno", err ? json_object_new_int(err) : NULL);
}

static struct json_object *found_json(const struct adoption *adoption, const struct found *found)
{
	struct json_object *out = json_object_new_object();
	char owner[OWNER_TEXT], text[REFUSAL_TEXT];

	json_add(out, "runtime", json_object_new_string(found->id.runtime));
	json_add(out, "name", text_json(found->id.name));
	json_add(out, "contid", contid_json(&found->id.contid));
	json_add(out, "parent", found->depth > 1 ? contid_json(&found->parent) : NULL);
	json_add(out, "cgroup", text_json(found->cgroup));
	json_add(out, "init", json_object_new_int(found->init));
	json_add_number(out, "processes", found->processes);
	json_add_number(out, "joined", found->joined_count);
	json_add(out, "named_by",
		 *found->name_of ? json_object_new_string(named_by(found, owner)) : NULL);
	json_add(out, "result", json_object_new_string(results[found->action]));
	found_refusal(adoption, found, text);
	add_error(out, found->err, text);
	json_add(out, "note", found->note ? json_object_new_string(found->note) : NULL);
	return out;
}

static void print_name(const struct row *row, FILE *to)
{
	char name[NAME_MAX + 1];

	short_name(row->of, name);
	fputs(name, to);
}

static void print_result(const struct row *row, FILE *to)
{
	const struct found *found = row->of;
	char owner[OWNER_TEXT];

	fputs(results[found->action], to);
	if (*found->name_of)
		fprintf(to, " (name by %s)", named_by(found, owner));
}

enum { NAME_COLUMN = 1 };

/* The names decide how wide theirs is. */
struct column adopt_columns[] = {
	{ "RUNTIME", -10, .key = "runtime" },
	[NAME_COLUMN] = { "NAME", -SHORT_NAME, .format = print_name },
	{ "CONTID", -36, .key = "contid",
	  .help = "the first 32 of the runtime's 64 digits; if it only has names,\n"
		  "a UUID made of that (version 5)" },
	{ "PARENT", -36, .key = "parent" },
	{ "INIT", 8, .key = "init", .help = "the first process" },
	{ "PROCESSES", 9, .key = "processes",
	  .help = "that were found in it, without those of containers inside of it" },
	{ "JOINED", 7, .key = "joined",
	  .help = "those of them that do not descend from the first, and carried\n"
		  "nothing of it" },
	{ "RESULT", 0, .format = print_result,
	  .help = "registered; kept: it has an ID already; refused: why is below" },
	{},
};

static void print_table(const struct adoption *adoption)
{
	char name[NAME_MAX + 1];

	for (size_t i = 0; i < adoption->found.count; i++) {
		short_name(adoption->found.items[i], name);
		if ((int)strlen(name) > -adopt_columns[NAME_COLUMN].width)
			adopt_columns[NAME_COLUMN].width = -(int)strlen(name);
	}
	columns_head(adopt_columns);
	for (size_t i = 0; i < adoption->found.count; i++) {
		const struct found *found = adoption->found.items[i];
		struct row row = { .of = found };

		if (!found->planned)
			continue;
		row.json = found_json(adoption, found);
		columns_row(adopt_columns, &row);
		json_object_put(row.json);
	}
}

static void print_aside(const struct adoption *adoption, const struct aside *aside)
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
		aside_refusal(adoption, aside, text);
		printf(": %s", text);
	}
	putchar('\n');
}

static void print_asides(const struct adoption *adoption, const char *head,
			 const struct aside_list *list)
{
	if (list->count)
		printf("\n%s:\n", head);
	for (size_t i = 0; i < list->count; i++)
		print_aside(adoption, &list->items[i]);
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
			found_refusal(adoption, found, text);
			printf("  %s %s: %s\n", found->id.runtime, name, text);
		}
		if (found->planned && found->note)
			printf("  %s %s: %s\n", found->id.runtime, name, found->note);
	}
	for (size_t i = 0; i < adoption->refused.count; i++)
		print_aside(adoption, &adoption->refused.items[i]);
}

static void print_owned(const struct adoption *adoption)
{
	for (size_t i = 0; i < adoption->found.count; i++) {
		const struct found *found = adoption->found.items[i];

		if (!found->planned || !*found->name_of)
			continue;
		puts("\n(name by ...): not root has chosen this name, so its ID is made of the "
		     "user or container that\nhas, the runtime and the name. No container of "
		     "root's can have such an ID.");
		return;
	}
}

/**
 * adopt_print - as a table, for people
 * @adoption: what was done, or is to be done
 */
void adopt_print(const struct adoption *adoption)
{
	print_table(adoption);
	print_owned(adoption);
	print_failures(adoption);
	print_asides(adoption, "Left outside, as the runtimes' own", &adoption->runtimes);
	print_asides(adoption, "In no container that is known, though the first of a PID namespace",
		     &adoption->unknown);
	puts("\nWhat cannot be known:");
	for (size_t i = 0; i < sizeof(not_known) / sizeof(*not_known); i++)
		printf("  %s\n", not_known[i]);
}

static struct json_object *asides_json(const struct adoption *adoption,
				       const struct aside_list *list)
{
	struct json_object *out = json_object_new_array();

	for (size_t i = 0; i < list->count; i++) {
		const struct aside *aside = &list->items[i];
		struct json_object *one = json_object_new_object();
		char text[REFUSAL_TEXT];

		json_add(one, "pid", json_object_new_int(aside->pid));
		json_add(one, "comm", json_object_new_string(aside->name));
		json_add(one, "cgroup", text_json(aside->cgroup));
		json_add(one, "contid",
			 aside->found ? contid_json(&aside->found->id.contid) : NULL);
		aside_refusal(adoption, aside, text);
		add_error(one, aside->err, text);
		json_object_array_add(out, one);
	}
	return out;
}

/**
 * adopt_print_json - the same, for programs
 * @adoption: what was done, or is to be done
 */
void adopt_print_json(const struct adoption *adoption)
{
	struct json_object *out = json_object_new_object();
	struct json_object *containers = json_object_new_array();
	struct json_object *limits = json_object_new_array();

	json_add(out, "dry_run", json_object_new_boolean(adoption->dry_run));
	for (size_t i = 0; i < adoption->found.count; i++) {
		if (adoption->found.items[i]->planned)
			json_object_array_add(containers,
					      found_json(adoption, adoption->found.items[i]));
	}
	json_add(out, "containers", containers);
	json_add(out, "refused", asides_json(adoption, &adoption->refused));
	json_add(out, "runtimes", asides_json(adoption, &adoption->runtimes));
	json_add(out, "unknown", asides_json(adoption, &adoption->unknown));
	for (size_t i = 0; i < sizeof(not_known) / sizeof(*not_known); i++)
		json_object_array_add(limits, json_object_new_string(not_known[i]));
	json_add(out, "not_known", limits);
	json_print(out);
}

/**
 * adopt_print_new - print a line for each container that was registered just now, or refused
 * @adoption: what was done
 *
 * Without those of which somebody was told, and no more than some: a user can have any number
 * refused, and what is printed goes to the journal, which others need, too.
 */
void adopt_print_new(const struct adoption *adoption)
{
	char id[CONTID_TEXT], name[NAME_MAX + 1], text[REFUSAL_TEXT];
	size_t refused = 0;

	for (size_t i = 0; i < adoption->found.count; i++) {
		const struct found *found = adoption->found.items[i];

		if (!found->planned || found->action == KEEP)
			continue;
		if (found->action == REFUSE && (found->told || ++refused > REFUSALS))
			continue;
		contid_format(&found->id.contid, id);
		short_name(found, name);
		printf("%s %s %s %s pid %d", results[found->action], id, found->id.runtime, name,
		       found->init);
		if (found->action == REFUSE) {
			found_refusal(adoption, found, text);
			printf(": %s", text);
		}
		putchar('\n');
	}
	if (refused > REFUSALS)
		printf("refused %zu more, which `contidctl adopt` shows\n", refused - REFUSALS);
}
