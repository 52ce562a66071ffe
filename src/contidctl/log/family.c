// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE /* tdestroy */
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "contid.h"
#include "family.h"

#define UUID (CONTID_TEXT - 1)

/* A family of more generations is of somebody who wants this to take long. */
#define GENERATIONS 1000

static int by_pid(const void *a, const void *b)
{
	const struct member *x = a, *y = b;

	if (x->pid != y->pid)
		return x->pid < y->pid ? -1 : 1;
	return strcmp(x->home->node, y->home->node);
}

static int by_id(const void *a, const void *b)
{
	const struct home *x = a, *y = b;
	int order = memcmp(x->label, y->label, UUID);

	return order ?: strcmp(x->node, y->node);
}

static void keep(void *node)
{
	(void)node;
}

/**
 * family_begin - none so far
 * @family: out
 * @local_names: see parser_new()
 *
 * Return: false without memory.
 */
bool family_begin(struct family *family, bool local_names)
{
	*family = (struct family){};
	family->members_end = &family->members;
	family->homes_end = &family->homes;
	family->parser = parser_new(local_names);
	return family->parser;
}

static void member_free(struct member *member)
{
	for (size_t i = 0; i < member->program_count; i++) {
		free(member->programs[i].exe);
		json_object_put(member->programs[i].arguments);
	}
	free(member->programs);
	free(member->by_comm);
	free(member->auid_name);
	free(member->comm);
	free(member);
}

/** family_free - forget all */
void family_free(struct family *family)
{
	struct member *member;
	struct home *home;

	tdestroy(family->by_pid, keep);
	tdestroy(family->by_id, keep);
	while ((member = family->members)) {
		family->members = member->next;
		member_free(member);
	}
	while ((home = family->homes)) {
		family->homes = home->next;
		free(home->node);
		free(home->label);
		free(home);
	}
	parser_free(family->parser);
}

/** family_find - the latest process of a number on a machine; it may have ended */
struct member *family_find(const struct family *family, const char *node, long long pid)
{
	struct home home = { .node = (char *)node };
	const struct member key = { .home = &home, .pid = pid };
	struct member **found = tfind(&key, &family->by_pid, by_pid);

	return found ? *found : NULL;
}

/**
 * family_new - one more process, which has its number from here on
 * @family: gets it
 * @home: its container
 * @pid: its number
 * @when: the time of its first record
 *
 * Return: NULL without memory.
 */
struct member *family_new(struct family *family, struct home *home, long long pid, uint64_t when)
{
	struct member *member = home ? calloc(1, sizeof(*member)) : NULL, **place;

	if (!member) {
		family->failed = true;
		return NULL;
	}
	*member = (struct member){
		.home = home,
		.pid = pid,
		.ppid = -1,
		.first = when,
		.latest = when,
		.how = MEMBER_INHERITED,
		.auid = -1,
		.ses = -1,
	};
	place = tsearch(member, &family->by_pid, by_pid);
	if (!place) {
		free(member);
		family->failed = true;
		return NULL;
	}
	*place = member; /* of one that had the number before */
	*family->members_end = member;
	family->members_end = &member->next;
	return member;
}

static struct home *find_home(const struct family *family, const char *node, const char *label)
{
	const struct home key = { .node = (char *)node, .label = (char *)label };
	struct home **found = tfind(&key, &family->by_id, by_id);

	return found ? *found : NULL;
}

/**
 * family_move_in - a container begins
 * @family: gets it
 * @node: its machine
 * @label: its ID, with those that enclose it
 * @when: the time of the record that names it
 *
 * Return: NULL without memory.
 */
struct home *family_move_in(struct family *family, const char *node, struct slice label,
			    uint64_t when)
{
	struct home *home = calloc(1, sizeof(*home)), *before, **place;

	if (home) {
		*family->homes_end = home;
		family->homes_end = &home->next;
		home->first = when;
		home->node = strdup(node);
		home->label = strndup(label.at, label.len);
	}
	if (!home || !home->node || !home->label) {
		family->failed = true;
		return NULL;
	}
	before = find_home(family, node, home->label);
	if (before)
		before->over = true;
	place = tsearch(home, &family->by_id, by_id);
	if (!place) {
		family->failed = true;
		return NULL;
	}
	*place = home;
	return home;
}

/**
 * family_home - the latest life of a container
 * @family: it begins here if nothing is known of it
 * @node: its machine
 * @label: its ID, with those that enclose it
 * @when: the time of the record that names it
 *
 * Return: NULL without memory.
 */
struct home *family_home(struct family *family, const char *node, struct slice label, uint64_t when)
{
	return find_home(family, node, label.at) ?: family_move_in(family, node, label, when);
}

/** family_adopt - a process is another's child */
void family_adopt(struct member *parent, struct member *child)
{
	child->parent = parent;
	child->sibling = NULL;
	*(parent->last ? &parent->last->sibling : &parent->child) = child;
	parent->last = child;
}

/**
 * family_descends - is a process another, or descends from that?
 * @member: the one
 * @from: the other
 * @far: the answer if that would take long to find out
 */
bool family_descends(const struct member *member, const struct member *from, bool far)
{
	for (int i = 0; member && i < GENERATIONS; i++, member = member->parent) {
		if (member == from)
			return true;
	}
	return member && far;
}

/**
 * member_add_program - a process runs a program
 * @member: the process
 * @when: since when
 * @exe: the program
 * @arguments: belong to @member from here on; may be NULL
 * @executed: a record of the execve says so
 *
 * Return: false without memory.
 */
bool member_add_program(struct member *member, uint64_t when, const char *exe,
			struct json_object *arguments, bool executed)
{
	size_t size = (member->program_count + 1) * sizeof(*member->programs);
	struct program *programs = realloc(member->programs, size);
	char *copy = exe ? strdup(exe) : NULL;

	if (!programs || (exe && !copy)) {
		member->programs = programs ?: member->programs;
		json_object_put(arguments);
		free(copy);
		return false;
	}
	programs[member->program_count++] = (struct program){ when, executed, copy, arguments };
	member->programs = programs;
	return true;
}

static void add_root(struct home *home, struct member *member)
{
	member->sibling = NULL;
	*(home->last_root ? &home->last_root->sibling : &home->root) = member;
	home->last_root = member;
}

/**
 * family_show - choose which processes are printed, and name their containers
 * @family: after the last event; its members have no children afterwards but these
 * @names: what those were called; nothing more may be learnt before the last is printed
 * @since: those that did something at this time or later
 * @until: and at this time or earlier
 *
 * Those that they descend from are printed, too.
 */
void family_show(struct family *family, struct names *names, uint64_t since, uint64_t until)
{
	struct member *member, *parent;

	for (struct home *home = family->homes; home; home = home->next) {
		const struct slice node = { home->node, strlen(home->node) };
		uint64_t when = home->began ?: home->first;

		home->name = names_of(names, node, home->label, when);
		home->image = names_image(names, node, home->label, when);
	}
	for (member = family->members; member; member = member->next) {
		member->child = member->last = NULL;
		if (member->how == MEMBER_UNSEEN || member->latest < since || member->first > until)
			continue;
		for (parent = member; parent && !parent->shown; parent = parent->parent)
			parent->shown = true;
	}
	for (member = family->members; member; member = member->next) {
		if (member->shown && member->parent)
			family_adopt(member->parent, member);
		else if (member->shown)
			add_root(member->home, member);
	}
}
