// SPDX-License-Identifier: GPL-2.0
/*
 * A process that enters a container by exec or nsenter has an op=adopt, and an op=leave
 * if it goes back. What it forks has none: it is known by its parent's number.
 */
#define _GNU_SOURCE /* tdestroy */
#include <libaudit.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "entered.h"
#include "words.h"

/**
 * struct process - one that entered, or descends from one
 * @node: its machine, as a hash
 * @pid: its number
 */
struct process {
	uint64_t node;
	uint64_t pid;
};

static int by_number(const void *a, const void *b)
{
	const struct process *x = a, *y = b;

	if (x->node != y->node)
		return x->node < y->node ? -1 : 1;
	return (x->pid > y->pid) - (x->pid < y->pid);
}

static bool read_process(const struct record *record, const char *field, struct process *process)
{
	struct slice value;

	if (!record_field(record, field, &value) || value.len > 10)
		return false;
	*process = (struct process){ .node = slice_hash(record->stamp.node) };
	for (size_t i = 0; i < value.len; i++)
		process->pid = process->pid * 10 + (value.at[i] - '0');
	return true;
}

static bool is_known(const struct entered *entered, const struct process *process)
{
	return tfind(process, &entered->root, by_number);
}

static void add(struct entered *entered, const struct process *process)
{
	struct process *copy;

	if (is_known(entered, process))
		return;
	copy = malloc(sizeof(*copy));
	if (copy)
		*copy = *process;
	if (!copy || !tsearch(copy, &entered->root, by_number)) {
		free(copy);
		entered->failed = true;
	}
}

static void drop(struct entered *entered, const struct process *process)
{
	struct process **found = tfind(process, &entered->root, by_number), *old;

	if (!found)
		return;
	old = *found;
	tdelete(process, &entered->root, by_number);
	free(old);
}

/* Return: is it the record of an entering? */
static bool take_operation(struct entered *entered, const struct record *record)
{
	struct process target;
	struct slice op, res;

	if (!record_field(record, "op", &op) || !words_last(record, "res", &res) ||
	    !slice_is(res, "1") || !read_process(record, "opid", &target))
		return false;
	if (slice_is(op, "adopt")) {
		add(entered, &target);
		return true;
	}
	/* the last exit of a container, another process of that number, one that went back */
	if (slice_is(op, "drop") || slice_is(op, "register") || slice_is(op, "leave")) {
		bool left = slice_is(op, "leave") && is_known(entered, &target);

		drop(entered, &target);
		return left;
	}
	return false;
}

/* The last that a process does: its number may be another's from here on. */
static bool is_end(const struct record *record)
{
	struct slice number, arch;
	const char *name;

	if (record->type == AUDIT_ANOM_ABEND)
		return true;
	if (record->type != AUDIT_SYSCALL || !record_field(record, "syscall", &number) ||
	    !record_field(record, "arch", &arch))
		return false;
	/* a blank stands behind each */
	name = audit_syscall_to_name(atoi(number.at),
				     audit_elf_to_machine(strtoul(arch.at, NULL, 16)));
	return name && !strcmp(name, "exit_group");
}

static bool take_record(struct entered *entered, const struct record *record)
{
	struct process self, parent;

	if (record->type == AUDIT_KERNEL_OTHER && take_operation(entered, record))
		return true;
	if (record_is_auxiliary(record) || !read_process(record, "pid", &self))
		return false;
	if (is_known(entered, &self)) {
		if (is_end(record))
			drop(entered, &self);
		return true;
	}
	if (record->type != AUDIT_SYSCALL || !read_process(record, "ppid", &parent) ||
	    !is_known(entered, &parent))
		return false;
	if (!is_end(record))
		add(entered, &self);
	return true;
}

/**
 * entered_takes - is it what a process did that entered, or a descendant of one?
 * @entered: learns of the event
 * @event: the container's next one, in the order of the log
 */
bool entered_takes(struct entered *entered, const struct event *event)
{
	struct record record;
	bool takes = false;
	size_t at = 0;

	while (event_next(event, &at, &record))
		takes |= take_record(entered, &record);
	return takes;
}

/** entered_free - forget all */
void entered_free(struct entered *entered)
{
	tdestroy(entered->root, free);
	entered->root = NULL;
}
