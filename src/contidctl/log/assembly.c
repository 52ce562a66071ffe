// SPDX-License-Identifier: GPL-2.0
/*
 * The records of several events may be interleaved in a log, and an event may
 * lack its end. So there is a window of events that may still get records; one
 * leaves it when its EOE has come, when a record of the same machine is two
 * seconds younger, as libauparse and ausearch have it, or when the window is full:
 * memory does not grow with the log.
 *
 * Events leave in the order of their first records. A record that comes after
 * its event has left is handed out by itself if that event was wanted.
 */
#include <libaudit.h>
#include <stdlib.h>
#include <string.h>

#include "assembly.h"
#include "record_place.h"

#define BUCKETS	      4096 /* a power of two */
#define WINDOW_EVENTS 4096
#define WINDOW_BYTES  (32UL << 20)
#define WINDOW_SEC    2
#define MACHINES      64
#define KEEP_BYTES    (8UL << 10) /* of an unused event */

struct open_event {
	struct open_event *next, *prev; /* in the order of their first records */
	struct open_event *chain;
	uint64_t hash;
	struct stamp stamp; /* but for the node, of which it has the length alone */
	unsigned int machine;
	char *text;
	size_t len, size;
	struct kept_record *records;
	size_t count, records_size;
	bool wanted, complete, late;
};

struct assembly {
	struct assembly_user user;
	struct open_event ends; /* of the list */
	struct open_event *unused;
	struct open_event *buckets[BUCKETS];
	uint64_t now[MACHINES]; /* the time of each one's latest record */
	uint64_t left[BUCKETS]; /* hashes of wanted events that have left */
	size_t events, bytes;
};

static uint64_t hash_stamp(const struct stamp *stamp, uint64_t node)
{
	uint64_t hash = node ^ (stamp->sec * 1000 + stamp->milli) ^ stamp->serial << 40;

	hash = (hash ^ hash >> 31) * 0x9e3779b97f4a7c15ULL;
	hash = (hash ^ stamp->serial) * 0xbf58476d1ce4e5b9ULL;
	return (hash ^ hash >> 29) | 1; /* 0 is none */
}

/* The first line begins with the node's name, if there is one. */
static bool same_event(const struct open_event *event, const struct stamp *stamp, uint64_t hash)
{
	const struct stamp *its = &event->stamp;

	return event->hash == hash && its->serial == stamp->serial && its->sec == stamp->sec &&
	       its->milli == stamp->milli && its->node.len == stamp->node.len &&
	       (!stamp->node.len ||
		!memcmp(event->text + strlen("node="), stamp->node.at, stamp->node.len));
}

static size_t bytes_of(const struct open_event *event)
{
	return event->len + event->count * sizeof(*event->records);
}

static void remove_event(struct assembly *assembly, struct open_event *event)
{
	struct open_event **link = &assembly->buckets[event->hash % BUCKETS];

	while (*link != event)
		link = &(*link)->chain;
	*link = event->chain;
	event->next->prev = event->prev;
	event->prev->next = event->next;
	assembly->events--;
	assembly->bytes -= bytes_of(event);
	if (event->size > KEEP_BYTES) {
		free(event->text);
		event->text = NULL;
		event->size = 0;
		free(event->records);
		event->records = NULL;
		event->records_size = 0;
	}
	event->next = assembly->unused;
	assembly->unused = event;
}

static void hand_out(struct assembly *assembly, struct open_event *event)
{
	struct event out = {
		.text = event->text,
		.len = event->len,
		.late = event->late,
		.stamp = event->stamp,
		.records = event->records,
		.count = event->count,
	};

	out.stamp.node.at = event->text + strlen("node=");
	if (event->wanted) {
		assembly->left[event->hash % BUCKETS] = event->hash;
		assembly->user.take(assembly->user.data, &out);
	}
	remove_event(assembly, event);
}

static bool is_done(const struct assembly *assembly, const struct open_event *event)
{
	return event->complete || assembly->events > WINDOW_EVENTS ||
	       assembly->bytes > WINDOW_BYTES ||
	       event->stamp.sec + WINDOW_SEC <= assembly->now[event->machine];
}

static struct open_event *new_event(struct assembly *assembly, const struct stamp *stamp,
				    uint64_t node, uint64_t hash)
{
	struct open_event *event = assembly->unused;

	if (event)
		assembly->unused = event->next;
	else
		event = calloc(1, sizeof(*event));
	if (!event)
		return NULL;
	event->hash = hash;
	event->stamp = *stamp;
	event->machine = node % MACHINES;
	event->len = 0;
	event->count = 0;
	event->complete = false;
	event->late = assembly->left[hash % BUCKETS] == hash;
	event->wanted = event->late;
	event->chain = assembly->buckets[hash % BUCKETS];
	assembly->buckets[hash % BUCKETS] = event;
	event->prev = assembly->ends.prev;
	event->next = &assembly->ends;
	event->prev->next = event;
	event->next->prev = event;
	assembly->events++;
	return event;
}

static bool make_room(struct open_event *event, size_t len)
{
	if (event->len + len > event->size) {
		size_t size = event->len + len < 2048 ? 2048 : (event->len + len) * 2;
		char *text = realloc(event->text, size);

		if (!text)
			return false;
		event->text = text;
		event->size = size;
	}
	if (event->count == event->records_size) {
		size_t size = event->count * 2 ?: 8;
		struct kept_record *records = realloc(event->records, size * sizeof(*records));

		if (!records)
			return false;
		event->records = records;
		event->records_size = size;
	}
	return true;
}

static bool append(struct assembly *assembly, struct open_event *event, const struct record *record)
{
	struct slice line = record->line;

	if (!make_room(event, line.len + 1))
		return false;
	record_keep(&event->records[event->count++], record, event->len);
	memcpy(event->text + event->len, line.at, line.len);
	event->len += line.len + 1;
	event->text[event->len - 1] = '\n';
	assembly->bytes += line.len + 1 + sizeof(*event->records);
	return true;
}

/* Of these each is an event of its own: libaudit has them outside of syscalls. */
static bool is_single(const struct record *record)
{
	return (record->type > 0 && record_is_from_user(record)) || record_is_of_daemon(record);
}

/**
 * assembly_add - the next record of the log
 * @assembly: gets it
 * @record: copied
 *
 * Return: false without memory.
 */
bool assembly_add(struct assembly *assembly, const struct record *record)
{
	const struct stamp *stamp = &record->stamp;
	uint64_t node = slice_hash(stamp->node), hash = hash_stamp(stamp, node);
	struct open_event *event = assembly->buckets[hash % BUCKETS];

	while (event && !same_event(event, stamp, hash))
		event = event->chain;
	event = event ?: new_event(assembly, stamp, node, hash);
	if (!event)
		return false;
	if (!append(assembly, event, record)) {
		if (!event->len) /* a node that is asked for is not there */
			remove_event(assembly, event);
		return false;
	}
	if (!event->wanted)
		event->wanted = assembly->user.wants(assembly->user.data, record);
	if (record->type == AUDIT_EOE || is_single(record)) {
		event->complete = true;
		if (!event->wanted)
			remove_event(assembly, event);
	}
	/* not the youngest ever: a clock may have been set back */
	assembly->now[node % MACHINES] = stamp->sec;
	while (assembly->events && is_done(assembly, assembly->ends.next))
		hand_out(assembly, assembly->ends.next);
	return true;
}

/** assembly_flush - the log is at its end: hand out what there is */
void assembly_flush(struct assembly *assembly)
{
	while (assembly->events)
		hand_out(assembly, assembly->ends.next);
}

/**
 * assembly_new - an empty window
 * @user: copied
 */
struct assembly *assembly_new(const struct assembly_user *user)
{
	struct assembly *assembly = calloc(1, sizeof(*assembly));

	if (assembly) {
		assembly->user = *user;
		assembly->ends.next = &assembly->ends;
		assembly->ends.prev = &assembly->ends;
	}
	return assembly;
}

/** assembly_free - after assembly_flush() */
void assembly_free(struct assembly *assembly)
{
	struct open_event *event;

	if (!assembly)
		return;
	while ((event = assembly->unused)) {
		assembly->unused = event->next;
		free(event->text);
		free(event->records);
		free(event);
	}
	free(assembly);
}

/**
 * record_keep - note how a record was taken apart
 * @kept: out
 * @record: the record
 * @line: where its line begins in the event's text
 */
void record_keep(struct kept_record *kept, const struct record *record, size_t line)
{
	*kept = (struct kept_record){
		.line = line,
		.line_len = record->line.len,
		.type_name = record->type_name.at - record->line.at,
		.type_name_len = record->type_name.len,
		.text = record->text.at - record->line.at,
		.text_len = record->text.len,
		.type = record->type,
		.doubtful = record->doubtful,
	};
}

/**
 * event_next - walk an event's records
 * @event: the event
 * @at: 0 to begin
 * @record: out: the next one
 *
 * Return: false at the end.
 */
bool event_next(const struct event *event, size_t *at, struct record *record)
{
	const char *line, *text, *end, *tail;
	const struct kept_record *kept;

	if (*at >= event->count)
		return false;
	kept = &event->records[(*at)++];
	line = event->text + kept->line;
	text = line + kept->text;
	end = line + kept->line_len;
	tail = text + kept->text_len + (text + kept->text_len < end);
	*record = (struct record){
		.line = { line, kept->line_len },
		.type = kept->type,
		.type_name = { line + kept->type_name, kept->type_name_len },
		.stamp = event->stamp,
		.text = { text, kept->text_len },
		.tail = { tail, end - tail },
		.doubtful = kept->doubtful,
	};
	return true;
}

/**
 * event_main - the record that says most about the event
 * @event: the event
 * @record: out: the first that is neither auxiliary nor the system call, else
 *	the system call, else the first
 *
 * Return: false if there is only its end.
 */
bool event_main(const struct event *event, struct record *record)
{
	enum { NONE, AUXILIARY, SYSTEM_CALL, OTHER } best = NONE, kind;
	struct record next;
	size_t at = 0;

	while (best < OTHER && event_next(event, &at, &next)) {
		if (next.type == AUDIT_EOE)
			continue;
		kind = OTHER;
		if (record_is_auxiliary(&next))
			kind = AUXILIARY;
		else if (next.type == AUDIT_SYSCALL || next.type == AUDIT_URINGOP)
			kind = SYSTEM_CALL;
		if (kind > best) {
			best = kind;
			*record = next;
		}
	}
	return best != NONE;
}
