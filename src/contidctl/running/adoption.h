/* SPDX-License-Identifier: GPL-2.0 */
/* What an adoption finds, does, and leaves undone. */
#ifndef CONTIDCTL_ADOPTION_H
#define CONTIDCTL_ADOPTION_H

#include "device.h"
#include "found.h"

/**
 * struct aside - a process that is told of for itself
 * @pid: its number
 * @name: its comm
 * @cgroup: its cgroup
 * @found: the container that it has to do with, or NULL
 * @err: why it was refused, as errno
 */
struct aside {
	pid_t pid;
	char name[PROC_NAME];
	char *cgroup;
	const struct found *found;
	int err;
};

/**
 * struct aside_key - to find one
 * @pid: its number
 * @start: when it began
 * @place: in the list
 */
struct aside_key {
	pid_t pid;
	unsigned long long start;
	size_t place;
};

/**
 * struct aside_list - several of them
 * @items: in the order in which they were added
 * @count: how many
 * @index: their keys, for tsearch(3)
 */
struct aside_list {
	struct aside *items;
	size_t count;
	void *index;
};

/**
 * struct id_in_use - a container that lives, or will
 * @contid: its ID
 * @first: its first process
 * @created_ns: when it was registered, as CLOCK_BOOTTIME; 0 if that is yet to come
 * @looked: all processes were asked who carries it
 * @left: only such do that had entered its last run
 */
struct id_in_use {
	struct audit_contid contid;
	pid_t first;
	uint64_t created_ns;
	bool looked;
	bool left;
};

/**
 * struct adoption - one run
 * @device: the open device
 * @dry_run: nothing is changed
 * @found: the containers
 * @refused: processes that could not be joined
 * @runtimes: the runtimes' own processes, which stay outside
 * @unknown: first processes of a PID namespace that are in no container
 * @in_use: the IDs that live, and those that are planned; for tsearch(3)
 * @live: so many containers live
 * @others: so many of them, and of those that are planned, are not known to be root's
 * @ok: there was memory for all of these
 */
struct adoption {
	struct device device;
	bool dry_run;
	struct found_list found;
	struct aside_list refused;
	struct aside_list runtimes;
	struct aside_list unknown;
	void *in_use;
	size_t live;
	size_t others;
	bool ok;
};

bool aside_add(struct aside_list *list, const struct proc *proc, const struct found *found,
	       int err);
const struct aside *aside_find(const struct aside_list *list, const struct proc *proc);

int label_read(const struct device *device, pid_t pid, struct audit_contid_get *label);
bool label_has(const struct audit_contid_get *label, const struct audit_contid *contid);

struct id_in_use *in_use_find(const struct adoption *adoption, const struct audit_contid *contid);
bool in_use_add(struct adoption *adoption, const struct audit_contid *contid, pid_t first,
		uint64_t created_ns);
bool in_use_read(struct adoption *adoption);
int in_use_foresee(const struct adoption *adoption, const struct found *found);

bool adoption_plan(struct adoption *adoption, struct proc_list *procs);
bool adoption_look(struct adoption *adoption);
bool adoption_do(struct adoption *adoption);

bool adoption_is_complete(const struct adoption *adoption);

#endif
