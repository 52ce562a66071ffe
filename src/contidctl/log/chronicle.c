// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE /* tdestroy */
#include <libaudit.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "chronicle.h"

#define UUID (CONTID_TEXT - 1)

static const char not_loaded[] = "the module was not loaded";
static const char switched_off[] = "the kernel's probes were switched off";

static int by_contid(const void *a, const void *b)
{
	const struct told *x = a, *y = b;

	return strcmp(x->contid, y->contid) ?: (x->node > y->node) - (x->node < y->node);
}

static void told_free(void *node)
{
	struct told *told = node, *before;

	for (; told; told = before) {
		before = told->before;
		free(told);
	}
}

/**
 * chronicle_begin - there is nothing yet
 * @chronicle: out
 *
 * Return: false without memory.
 */
bool chronicle_begin(struct chronicle *chronicle)
{
	*chronicle = (struct chronicle){ .parser = parser_new(false) };
	return chronicle->parser;
}

/** chronicle_wants - is it a record of the module's own? */
bool chronicle_wants(const struct record *record)
{
	return record->type == AUDIT_KERNEL_OTHER && !record->doubtful && record->text.len > 3 &&
	       !memcmp(record->text.at, "op=", 3);
}

/*
 * The innermost container of the object; a registration begins another one of that ID.
 * Return: NULL if there is none, or no memory.
 */
static struct told *told_of(struct chronicle *chronicle, const struct operation *operation,
			    uint64_t node_hash, uint64_t began)
{
	const char *id = operation->field[OPERATION_OCONTID];
	struct told *told, **node;

	if (!id || strlen(id) < UUID)
		return NULL;
	told = calloc(1, sizeof(*told));
	node = NULL;
	if (told) {
		memcpy(told->contid, id, UUID);
		told->began = began;
		told->node = node_hash;
		node = tsearch(told, &chronicle->told, by_contid);
	}
	chronicle->failed |= !node;
	if (node && *node != told && began) {
		told->before = *node;
		*node = told;
	} else if (!node || *node != told) {
		free(told);
	}
	return node ? *node : NULL;
}

static struct span *open_span(const struct chronicle *chronicle, struct slice machine,
			      const char *why)
{
	uint64_t node = slice_hash(machine);

	for (size_t i = chronicle->span_count; i; i--) {
		struct span *span = &chronicle->spans[i - 1];

		if (span->why == why && span->node == node)
			return span->to ? NULL : span;
	}
	return NULL;
}

static void add_span(struct chronicle *chronicle, struct slice node, uint64_t from, uint64_t to,
		     const char *why)
{
	struct span *spans =
		array_room(chronicle->spans, chronicle->span_count, sizeof(*chronicle->spans));

	if (!spans) {
		chronicle->failed = true;
		return;
	}
	chronicle->spans = spans;
	spans[chronicle->span_count++] = (struct span){
		.from = from,
		.to = to,
		.node = slice_hash(node),
		.machine = strndup(node.at, node.len),
		.why = why,
	};
}

/* If nothing says when it began, it was before: a boot writes no op=unload. */
static void end_span(struct chronicle *chronicle, struct slice node, uint64_t now, const char *why)
{
	struct span *open = open_span(chronicle, node, why);

	if (open)
		open->to = now;
	else
		add_span(chronicle, node, 0, now, why);
}

static void add_nameless(struct chronicle *chronicle, struct slice node, uint64_t now,
			 struct operation *operation)
{
	struct nameless *list = array_room(chronicle->nameless, chronicle->nameless_count,
					   sizeof(*chronicle->nameless));

	if (!list) {
		chronicle->failed = true;
		return;
	}
	chronicle->nameless = list;
	list[chronicle->nameless_count++] = (struct nameless){
		.when = now,
		.pid = operation->field[OPERATION_OPID],
		.exe = operation->field[OPERATION_EXE],
		.machine = strndup(node.at, node.len),
	};
	operation->field[OPERATION_OPID] = NULL;
	operation->field[OPERATION_EXE] = NULL;
}

static void add_operation(struct chronicle *chronicle, struct slice node, uint64_t now,
			  struct operation *operation)
{
	struct told *told;

	if (operation_is(operation, "unlabelled")) {
		add_nameless(chronicle, node, now, operation);
	} else if (operation_is(operation, "hooks")) {
		if (!operation_refused(operation))
			end_span(chronicle, node, now, switched_off);
		else if (!open_span(chronicle, node, switched_off))
			add_span(chronicle, node, now, 0, switched_off);
	} else if (operation_is(operation, "unload")) {
		if (open_span(chronicle, node, switched_off))
			end_span(chronicle, node, now, switched_off);
		add_span(chronicle, node, now, 0, not_loaded);
	} else if (operation_is(operation, "load")) {
		end_span(chronicle, node, now, not_loaded);
	} else if (!operation_refused(operation)) {
		told = told_of(chronicle, operation, slice_hash(node),
			       operation_is(operation, "register") ? now : 0);
		if (told)
			told->entries += operation_is(operation, "adopt");
	}
}

/** chronicle_add - look at an event that chronicle_wants() */
void chronicle_add(struct chronicle *chronicle, const struct event *event)
{
	struct operation operation;

	if (operation_read(&operation, chronicle->parser, event))
		add_operation(chronicle, event->stamp.node,
			      event->stamp.sec * 1000 + event->stamp.milli, &operation);
	operation_free(&operation);
}

/**
 * chronicle_find - what is known of a container
 * @chronicle: where
 * @node: the machine that it is of
 * @contid: its ID
 * @began: when it was registered, 0 if the log does not say
 *
 * Return: NULL if nothing is.
 */
const struct told *chronicle_find(const struct chronicle *chronicle, struct slice node_name,
				  const char *contid, uint64_t began)
{
	const struct told *told;
	struct told key, **node;

	strcpy(key.contid, contid);
	key.node = slice_hash(node_name);
	node = tfind(&key, &chronicle->told, by_contid);
	told = node ? *node : NULL;
	while (told && told->began != began)
		told = told->before;
	return told;
}

/** chronicle_free - free what was found */
void chronicle_free(struct chronicle *chronicle)
{
	tdestroy(chronicle->told, told_free);
	for (size_t i = 0; i < chronicle->nameless_count; i++) {
		free(chronicle->nameless[i].pid);
		free(chronicle->nameless[i].exe);
		free(chronicle->nameless[i].machine);
	}
	for (size_t i = 0; i < chronicle->span_count; i++)
		free(chronicle->spans[i].machine);
	free(chronicle->nameless);
	free(chronicle->spans);
	parser_free(chronicle->parser);
}
