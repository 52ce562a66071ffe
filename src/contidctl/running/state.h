/* SPDX-License-Identifier: GPL-2.0 */
/* What `save` writes down: the live containers, and which process is in which. */
#ifndef CONTIDCTL_STATE_H
#define CONTIDCTL_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include <json-c/json.h>
#include <linux/audit_contid.h>

#include "live.h"

#define BOOT_ID_TEXT 37
#define STATE_WHY    160
/* the limit of a container that was written down without */
#define RATE_UNKNOWN UINT32_MAX

/**
 * struct state_process - a process in a container
 * @pid: its number
 * @start: when it began, in clock ticks since the machine did
 * @mnt: inode number of its mount namespace, 0 if it could not be read
 * @origin: AUDIT_CONTID_ORIGIN_*
 * @contid: the innermost container
 */
struct state_process {
	pid_t pid;
	unsigned long long start;
	ino_t mnt;
	unsigned int origin;
	struct audit_contid contid;
};

/**
 * struct state - all of one moment
 * @boot_id: of the running system
 * @since: when the last look at all processes began, in clock ticks since the
 *	machine did: an older one was seen, and one that is not in here carried nothing
 * @containers: outer ones before those nested in them
 * @labels: theirs, in the same order; empty if there is none
 * @container_count: how many
 * @by_id: the same by their IDs, see state_index()
 * @processes: by their numbers
 * @process_count: how many
 */
struct state {
	char boot_id[BOOT_ID_TEXT];
	unsigned long long since;
	struct audit_contid_container *containers;
	char (*labels)[LABEL_TEXT];
	size_t container_count;
	const struct audit_contid_container **by_id;
	struct state_process *processes;
	size_t process_count;
};

bool boot_id_read(char boot_id[BOOT_ID_TEXT]);

struct json_object *state_json(const struct state *state);
bool state_parse(struct state *state, const char *text, size_t length, char why[STATE_WHY]);
void state_free(struct state *state);

bool state_index(struct state *state);
const struct audit_contid_container *state_container(const struct state *state,
						     const struct audit_contid *id);
const char *state_label(const struct state *state, const struct audit_contid_container *c);
const struct state_process *state_find(const struct state *state, pid_t pid);

#endif
