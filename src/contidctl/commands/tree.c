// SPDX-License-Identifier: GPL-2.0
/* contidctl tree */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "contid.h"
#include "formats.h"
#include "json.h"
#include "label_json.h"
#include "message.h"
#include "moment.h"
#include "reading.h"
#include "tree_json.h"
#include "whom.h"

#define UNSET 4294967295LL
#define DRAWN 32 /* generations that are drawn; of those below a number says how many */

enum { SINCE, UNTIL, NODE, JSON, LOCAL, INPUT };

static const struct command_option options[] = {
	[SINCE] = { "since", 0, "WHEN", "processes that did something then or later" },
	[UNTIL] = { "until", 0, "WHEN", "processes that did something then or earlier" },
	[NODE] = { "node", 'n', "NODE", "of this machine, as the log names it" },
	[JSON] = { "json", 0, NULL, "the same, as an object" },
	[LOCAL] = { "local-names", 0, NULL, "users as they are called on this machine" },
	[INPUT] = { "input", 'i', "FILE", "read this and not the log; - is standard input", true },
	{},
};

/**
 * struct tree - a tree on its way
 * @whom: the container, or all that had its name
 * @reading: the logs
 * @family: what they say of its processes
 * @since: milliseconds since 1970: since when processes are printed
 * @until: until when
 * @json: for programs, not for people
 * @local: users have the names of this machine if the log has none
 */
struct tree {
	struct whom whom;
	struct reading reading;
	struct family family;
	uint64_t since, until;
	bool json, local;
};

static bool tree_wants(void *data, const struct record *record)
{
	struct tree *tree = data;

	return whom_wants(&tree->whom, record);
}

static void tree_take(void *data, const struct event *event)
{
	struct tree *tree = data;
	struct slice subject, object;

	if (tree->reading.failed)
		return;
	show_labels(event, &subject, &object);
	if (!whom_has_label(&tree->whom, subject))
		subject.len = 0;
	if (!whom_has_label(&tree->whom, object))
		object.len = 0;
	if (family_add(&tree->family, event, subject, object))
		return;
	message("%s", strerror(ENOMEM));
	tree->reading.failed = true;
}

static void print_time(uint64_t milli)
{
	char when[MOMENT_TEXT];

	moment_format(milli, when);
	fputs(when, stdout);
}

/* What the kernel says was executed, and the arguments: their first is of anybody's choice. */
static void print_program(const struct program *program)
{
	struct json_object *arguments = program->arguments;
	size_t count = arguments ? json_object_array_length(arguments) : 0;

	word_print(stdout, program->exe ?: "?");
	for (size_t i = 1; i < count; i++) {
		putchar(' ');
		word_print(stdout, json_object_get_string(json_object_array_get_idx(arguments, i)));
	}
}

static void print_programs(const struct member *member)
{
	printf("%lld ", member->pid);
	if (!member->program_count)
		putchar('?');
	for (size_t i = 0; i < member->program_count; i++) {
		if (i)
			fputs(" => ", stdout);
		print_program(&member->programs[i]);
	}
}

static void print_user(const struct member *member)
{
	if (member->auid < 0)
		return;
	fputs(", auid ", stdout);
	if (member->auid_name)
		word_print(stdout, member->auid_name);
	else if (member->auid == UNSET)
		fputs("unset", stdout);
	else
		printf("%lld", member->auid);
}

static void print_home(const struct home *home)
{
	printf("%.*s", CONTID_TEXT - 1, home->label);
	if (home->name) {
		putchar(' ');
		word_print(stdout, home->name);
	}
}

static void print_end(const struct member *member)
{
	const char *end = tree_end(member);

	if (!end)
		return;
	printf("; %s", end);
	if (member->end == MEMBER_EXITED && member->code >= 0)
		printf(" %lld", member->code);
	if (member->end == MEMBER_KILLED)
		printf(" by signal %lld", member->code);
	if (member->ended) {
		putchar(' ');
		print_time(member->ended);
	}
}

static void print_marks(const struct member *member)
{
	printf(" [%s", tree_how(member));
	if (member->parent && member->parent->home != member->home) {
		fputs(" in ", stdout);
		print_home(member->home);
	}
	if (member->since) {
		putchar(' ');
		print_time(member->since);
	}
	if (member->by_pid) {
		fputs(" by ", stdout);
		word_print(stdout, member->by_comm ?: "?");
		printf("[%lld]", member->by_pid);
	}
	if (!member->parent || member->parent->auid != member->auid)
		print_user(member);
	print_end(member);
	putchar(']');
}

/* A line for each one above: does that have another child below? */
static void print_branches(const struct member *member, size_t depth)
{
	const struct member *above[DRAWN];
	size_t count = depth < DRAWN ? depth : DRAWN;

	if (depth > DRAWN)
		printf("(%zu) ", depth);
	for (size_t i = count; i--; member = member->parent)
		above[i] = member;
	for (size_t i = 0; i + 1 < count; i++)
		fputs(above[i]->sibling ? "|  " : "   ", stdout);
	if (count)
		fputs(above[count - 1]->sibling ? "|- " : "`- ", stdout);
}

static void print_member(const struct member *member, size_t depth)
{
	print_branches(member, depth);
	print_programs(member);
	print_marks(member);
	putchar('\n');
}

/* The next one of a tree: down, else aside, else up and aside. */
static const struct member *next_of(const struct member *member, const struct member *root,
				    size_t *depth)
{
	if (member->child) {
		(*depth)++;
		return member->child;
	}
	for (; member != root; member = member->parent, (*depth)--) {
		if (member->sibling)
			return member->sibling;
	}
	return NULL;
}

/**
 * struct path - from a root to where the printing is
 * @ids: the place in the list of each one on the way
 * @size: for so many there is room
 */
struct path {
	size_t *ids;
	size_t size;
};

static bool path_set(struct path *path, size_t depth, size_t id)
{
	size_t *ids;

	if (depth >= path->size) {
		ids = realloc(path->ids, (depth + 64) * sizeof(*ids));
		if (!ids)
			return false;
		path->ids = ids;
		path->size = depth + 64;
	}
	path->ids[depth] = id;
	return true;
}

/* Return: false without memory. */
static bool print_root(const struct member *root, struct json_object *list, struct path *path)
{
	const struct member *member = root;
	size_t depth = 0, id;

	for (; member; member = next_of(member, root, &depth)) {
		if (!list) {
			print_member(member, depth);
			continue;
		}
		id = json_object_array_length(list);
		if (!path_set(path, depth, id))
			return false;
		json_object_array_add(list, tree_json(member, id,
						      depth ? &path->ids[depth - 1] : NULL, depth));
	}
	return true;
}

static void print_header(const struct home *home)
{
	if (*home->node)
		printf("%s ", home->node);
	print_home(home);
	putchar('\n');
}

/* Return: false without memory. */
static bool print_roots(const struct tree *tree, struct json_object *list)
{
	struct path path = {};
	bool ok = true;

	for (const struct home *home = tree->family.homes; home; home = home->next) {
		if (home->root && !list)
			print_header(home);
		for (const struct member *root = home->root; ok && root; root = root->sibling)
			ok = print_root(root, list, &path);
	}
	free(path.ids);
	return ok;
}

static bool print_tree(const struct tree *tree)
{
	const struct wanted_list *asked = &tree->whom.list;
	struct json_object *list, *contids, *out;

	if (!tree->json)
		return print_roots(tree, NULL);
	list = json_object_new_array();
	out = json_object_new_object();
	json_add_number(out, "schema", JSON_SCHEMA);
	contids = json_object_new_array();
	for (size_t i = 0; i < asked->count; i++)
		json_object_array_add(contids, json_object_new_string(asked->items[i].prefix));
	json_add(out, "contids", contids);
	json_add(out, "processes", list);
	if (print_roots(tree, list)) {
		json_print(out);
		return true;
	}
	json_object_put(out);
	return false;
}

static bool has_any(const struct family *family)
{
	const struct home *home = family->homes;

	while (home && !home->root)
		home = home->next;
	return home;
}

static int tree_run(struct tree *tree, const char *whom)
{
	const struct assembly_user user = { tree_wants, tree_take, tree };
	struct intake *intake = &tree->reading.intake;
	bool found;

	intake->until = tree->until;
	if (!whom_open(&tree->whom, &tree->reading.logs, tree->since, tree->until))
		return REFUSED;
	intake->names = tree->whom.names;
	if (!whom_find(&tree->whom, whom) || !reading_do(&tree->reading, &user))
		return REFUSED;
	family_show(&tree->family, intake->names, tree->since, tree->until);
	found = has_any(&tree->family);
	intake->since = tree->since;
	if (!found)
		intake_nothing_found(intake);
	if (!print_tree(tree)) {
		message("%s", strerror(ENOMEM));
		return REFUSED;
	}
	return found && reading_is_whole(&tree->reading) ? DONE : REFUSED;
}

static int tree_option(void *data, const struct command *self, int option, char *value)
{
	struct tree *tree = data;

	switch (option) {
	case SINCE:
		if (!moment_parse(value, false, &tree->since))
			return command_usage(self, "'%s' is no point in time", value);
		break;
	case UNTIL:
		if (!moment_parse(value, true, &tree->until))
			return command_usage(self, "'%s' is no point in time", value);
		break;
	case NODE:
		tree->reading.intake.node = value;
		tree->whom.node = value;
		break;
	case JSON:
		tree->json = true;
		break;
	case LOCAL:
		tree->local = true;
		break;
	case INPUT:
		if (!logs_add(&tree->reading.logs, value))
			return REFUSED;
	}
	return GO_ON;
}

static int tree_main(const struct command *self, int argc, char **argv)
{
	struct tree tree = { .until = UINT64_MAX };
	int status = command_options(self, &argc, &argv, tree_option, &tree);

	if (status != GO_ON)
		return status;
	if (family_begin(&tree.family, tree.local)) {
		status = tree_run(&tree, argv[0]);
		family_free(&tree.family);
	} else {
		message("%s", strerror(ENOMEM));
		status = REFUSED;
	}
	logs_close(&tree.reading.logs);
	names_free(tree.whom.names);
	free(tree.whom.list.items);
	return status;
}

const struct command tree_command = {
	.name = "tree",
	.summary = "draw a container's processes from the log",
	.options = options,
	.arguments = "CONTID|PREFIX|NAME",
	.least = 1,
	.most = 1,
	.missing = "of which container?",
	.help = "Print the processes of a container, and of those nested in it, as far as the\n"
		"audit log has them: each below its parent, with what it executed. The\n"
		"container is named as for events.\n",
	.more = "In brackets: how it came in, when, by whom; its user (auid), if that is not its\n"
		"parent's; how it ended.\n"
		"\n"
		"  registered  op=register: the container's first process\n"
		"  joined      op=join\n"
		"  entered     op=adopt, by nsenter, docker exec, podman exec\n"
		"  inherited   from its parent\n"
		"  unseen      the log only says that it is a parent\n"
		"\n"
		"  exited N    with this exit code, if the log has its exit_group\n"
		"  killed      by a signal\n"
		"  left        it went back to where it had come from\n"
		"  gone        with its container\n"
		"\n"
		"A number that another process has later is another line.\n"
		"\n" MOMENT_HELP,
	.main = tree_main,
};
