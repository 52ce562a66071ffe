// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE /* memmem */
#include <libaudit.h>
#include <stdlib.h>
#include <string.h>

#include "facts.h"
#include "label.h"
#include "outcome.h"
#include "tally.h"

#define BUCKETS 65536 /* a power of two */
#define UUID	(CONTID_TEXT - 1)

/*
 * Records of different processors may change places: a child's may come before
 * its container's registration, and some of threads on their way out after its end.
 */
#define DISORDER 2000 /* milliseconds */

struct tally {
	struct parser *parser;
	struct life *first, **end;
	struct life *buckets[BUCKETS];
	uint64_t refused;
	bool failed; /* no memory */
};

struct tally *tally_new(void)
{
	struct tally *tally = calloc(1, sizeof(*tally));

	if (!tally)
		return NULL;
	tally->end = &tally->first;
	tally->parser = parser_new(false);
	if (tally->parser)
		return tally;
	free(tally);
	return NULL;
}

static void life_free(struct life *life)
{
	for (size_t i = 0; i < life->type_count; i++)
		free(life->types[i].name);
	free(life->types);
	free(life->pids);
	free(life->node);
	free(life->label);
	free(life->auid);
	free(life->pid);
	free(life->comm);
	free(life->exe);
	free(life);
}

void tally_free(struct tally *tally)
{
	struct life *life;

	if (!tally)
		return;
	while ((life = tally->first)) {
		tally->first = life->next;
		life_free(life);
	}
	parser_free(tally->parser);
	free(tally);
}

static uint64_t hash_id(const char *id)
{
	uint64_t hash = 14695981039346656037ULL;

	for (int i = 0; i < UUID; i++)
		hash = (hash ^ (unsigned char)id[i]) * 1099511628211ULL;
	return hash ^ hash >> 32;
}

static struct life **bucket_of(struct tally *tally, const char *id)
{
	return &tally->buckets[hash_id(id) % BUCKETS];
}

static uint64_t milliseconds(const struct stamp *stamp)
{
	return stamp->sec * 1000 + stamp->milli;
}

static struct life *life_new(struct tally *tally, const struct stamp *stamp, const char *id)
{
	struct life **bucket = bucket_of(tally, id), *life = calloc(1, sizeof(*life));

	if (life)
		life->node = strndup(stamp->node.at, stamp->node.len);
	if (!life || !life->node) {
		free(life);
		tally->failed = true;
		return NULL;
	}
	memcpy(life->contid, id, UUID);
	life->first = milliseconds(stamp);
	life->auid_number = -1;
	life->before = *bucket;
	*bucket = life;
	*tally->end = life;
	tally->end = &life->next;
	return life;
}

/* The latest with this ID, on this machine. */
static struct life *life_find(struct tally *tally, const struct stamp *stamp, const char *id)
{
	struct life *life = *bucket_of(tally, id);

	while (life && (memcmp(life->contid, id, UUID) || !slice_is(stamp->node, life->node)))
		life = life->before;
	return life;
}

/* Only what is nested has more than its ID; a longer label says more. */
static void set_label(struct life *life, struct slice label)
{
	if (label.len <= UUID || (life->label && strlen(life->label) >= label.len))
		return;
	free(life->label);
	life->label = strndup(label.at, label.len);
}

static void set_parent(struct life *life, struct slice label)
{
	set_label(life, label);
	if (label.len >= 2 * UUID + 2)
		memcpy(life->parent, label.at + UUID + 2, UUID);
	else if (label.len > UUID && !*life->parent)
		strcpy(life->parent, "?");
}

/* The container that a record names; an unknown one is older than the log. */
static struct life *life_of(struct tally *tally, const struct stamp *stamp, struct slice label)
{
	struct life *life = life_find(tally, stamp, label.at);

	if (!life || (life->ended && milliseconds(stamp) > life->ended + DISORDER))
		life = life_new(tally, stamp, label.at);
	if (life)
		set_parent(life, label);
	return life;
}

static bool pids_grow(struct life *life)
{
	size_t size = life->pids_size ? life->pids_size * 2 : 16;
	uint32_t *pids = calloc(size, sizeof(*pids));

	if (!pids)
		return false;
	for (size_t i = 0; i < life->pids_size; i++) {
		size_t at = life->pids[i] * 2654435761U & (size - 1);

		while (life->pids[i] && pids[at])
			at = (at + 1) & (size - 1);
		if (life->pids[i])
			pids[at] = life->pids[i];
	}
	free(life->pids);
	life->pids = pids;
	life->pids_size = size;
	return true;
}

static void add_pid(struct tally *tally, struct life *life, const struct record *record,
		    const char *field)
{
	struct slice value;
	uint32_t pid = 0;
	size_t at;

	if (!life || !record_field(record, field, &value) || value.len > 9)
		return;
	for (size_t i = 0; i < value.len; i++) {
		if (value.at[i] < '0' || value.at[i] > '9')
			return;
		pid = pid * 10 + (value.at[i] - '0');
	}
	if (!pid)
		return;
	if (life->processes * 2 >= life->pids_size && !pids_grow(life)) {
		tally->failed = true;
		return;
	}
	at = pid * 2654435761U & (life->pids_size - 1);
	while (life->pids[at] && life->pids[at] != pid)
		at = (at + 1) & (life->pids_size - 1);
	if (!life->pids[at]) {
		life->pids[at] = pid;
		life->processes++;
	}
}

static void count_type(struct tally *tally, struct life *life, struct slice name)
{
	struct type_count *types;
	size_t i;

	for (i = 0; i < life->type_count; i++) {
		if (slice_is(name, life->types[i].name)) {
			life->types[i].events++;
			return;
		}
	}
	types = realloc(life->types, (i + 1) * sizeof(*types));
	if (types) {
		life->types = types;
		types[i].events = 1;
		types[i].name = strndup(name.at, name.len);
	}
	if (!types || !types[i].name)
		tally->failed = true;
	else
		life->type_count++;
}

static void set_orchestrator(struct life *life, struct operation *operation,
			     const struct record *record)
{
	static const enum operation_field from[] = {
		OPERATION_AUID,
		OPERATION_PID,
		OPERATION_COMM,
		OPERATION_EXE,
	};
	char **to[] = { &life->auid, &life->pid, &life->comm, &life->exe };
	struct slice auid;
	char text[16];

	for (size_t i = 0; i < sizeof(from) / sizeof(*from); i++) {
		free(*to[i]);
		*to[i] = operation->field[from[i]];
		operation->field[from[i]] = NULL;
	}
	if (record_field(record, "auid", &auid) && auid.len < sizeof(text)) {
		memcpy(text, auid.at, auid.len);
		text[auid.len] = '\0';
		if (!fact_number(text, &life->auid_number))
			life->auid_number = -1;
	}
}

static struct life *life_begin(struct tally *tally, const struct record *record, struct slice label,
			       struct operation *operation)
{
	const struct stamp *stamp = &record->stamp;
	struct life *life = life_find(tally, stamp, label.at);
	uint64_t now = milliseconds(stamp);

	if (!life || life->began || life->ended || life->first + DISORDER < now)
		life = life_new(tally, stamp, label.at);
	if (!life)
		return NULL;
	set_parent(life, label);
	life->began = now;
	set_orchestrator(life, operation, record);
	return life;
}

/* A refused operation does not begin a container, and does not add an unknown one. */
static struct life *add_operation(struct tally *tally, const struct event *event,
				  const struct record *record, struct slice label)
{
	struct operation operation;
	struct life *life = NULL;

	if (!operation_read(&operation, tally->parser, event)) {
		operation_free(&operation);
		return NULL;
	}
	if (operation_refused(&operation)) {
		tally->refused += operation_is(&operation, "register") ||
				  operation_is(&operation, "join");
		life = life_find(tally, &record->stamp, label.at);
	} else if (operation_is(&operation, "register")) {
		life = life_begin(tally, record, label, &operation);
		add_pid(tally, life, record, "opid");
	} else {
		life = life_of(tally, &record->stamp, label);
		if (life &&
		    (operation_is(&operation, "drop") || operation_is(&operation, "release")))
			life->ended = milliseconds(&record->stamp);
		else
			add_pid(tally, life, record, "opid");
	}
	operation_free(&operation);
	return life;
}

/** tally_wants - does a record name a container? */
bool tally_wants(const struct record *record)
{
	struct slice label, list;

	return label_subject(record, &label) || label_object(record, &label) ||
	       (label_net(record, &list) && label_next(&list, &label));
}

/**
 * tally_add - count an event
 * @tally: where
 * @event: an event with a record that tally_wants()
 *
 * Processes are those that did something, by the kernel's pid=; what a clone
 * returned to the container (exit=) is a number of its own PID namespace.
 *
 * Return: false without memory.
 */
bool tally_add(struct tally *tally, const struct event *event)
{
	struct life *subject = NULL, *object = NULL;
	struct record record, main;
	struct slice label, list;
	bool failed = false;
	size_t at = 0;

	while (event_next(event, &at, &record)) {
		failed |= record_outcome(&record) == OUTCOME_FAILURE;
		if (label_net(&record, &list)) {
			while (label_next(&list, &label)) {
				object = life_of(tally, &record.stamp, label);
				if (object)
					object->as_object++;
			}
			object = NULL;
		} else if (label_object(&record, &label)) {
			if (record.type == AUDIT_KERNEL_OTHER)
				object = add_operation(tally, event, &record, label);
			else
				object = life_of(tally, &record.stamp, label);
		}
		if (label_subject(&record, &label)) {
			subject = life_of(tally, &record.stamp, label);
			add_pid(tally, subject, &record, "pid");
		}
	}
	if (object)
		object->as_object++;
	if (subject && !event->late && event_main(event, &main)) {
		subject->events++;
		subject->failed += failed;
		count_type(tally, subject, main.type_name);
	}
	return !tally->failed;
}

/** tally_lives - the first of all */
struct life *tally_lives(const struct tally *tally)
{
	return tally->first;
}

/** tally_refused - registrations that were refused */
uint64_t tally_refused(const struct tally *tally)
{
	return tally->refused;
}

/** tally_last - the latest life of an ID, NULL if it has none */
const struct life *tally_last(const struct tally *tally, const char *contid)
{
	const struct life *life = tally->buckets[hash_id(contid) % BUCKETS];

	while (life && strcmp(life->contid, contid))
		life = life->before;
	return life;
}
