/* SPDX-License-Identifier: GPL-2.0 */
/* What a log says of each container, counted. */
#ifndef CONTIDCTL_TALLY_H
#define CONTIDCTL_TALLY_H

#include "contid.h"
#include "operation.h"

struct type_count {
	char *name;
	uint64_t events;
};

/**
 * struct life - a container, from its registration to its end
 * @next: in the order of their first mention
 * @before: that had the same ID, or has the same hash
 * @node: the machine, if the log names it, else ""
 * @contid: its ID
 * @parent: what it is nested in, "" where that is nothing
 * @label: its ID and those that enclose it, as the records have it; NULL if none does
 * @first: its first record, in milliseconds since 1970
 * @began: when it was registered, 0 if the log does not say
 * @ended: when its last process exited, likewise
 * @auid: the user that registered it, NULL if the log does not say
 * @auid_number: its number, -1 if that is not known
 * @pid: the orchestrator
 * @comm: its name
 * @exe: its program
 * @pids: a set of its processes: a hash table of numbers, 0 if it is empty
 * @pids_size: that table's size, 0 or a power of two
 * @processes: how many are in it
 * @events: it is the subject of
 * @failed: of these
 * @as_object: events it is the object of
 * @types: its events by type
 * @type_count: how many types
 */
struct life {
	struct life *next, *before;
	char *node;
	char contid[CONTID_TEXT];
	char parent[CONTID_TEXT];
	char *label;
	uint64_t first, began, ended;
	long long auid_number;
	char *auid, *pid, *comm, *exe;
	uint32_t *pids;
	size_t pids_size;
	uint64_t processes;
	uint64_t events, failed, as_object;
	struct type_count *types;
	size_t type_count;
};

struct tally;

struct tally *tally_new(void);
bool tally_wants(const struct record *record);
bool tally_add(struct tally *tally, const struct event *event);
struct life *tally_lives(const struct tally *tally);
uint64_t tally_refused(const struct tally *tally);
const struct life *tally_last(const struct tally *tally, const char *contid);
void tally_free(struct tally *tally);

#endif
