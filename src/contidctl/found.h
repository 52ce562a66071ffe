/* SPDX-License-Identifier: GPL-2.0 */
/* The containers that are found running, and who is in which. */
#ifndef CONTIDCTL_FOUND_H
#define CONTIDCTL_FOUND_H

#include "cgroup.h"
#include "proc.h"

/* what is to be done with a container */
enum action { REGISTER, KEEP, REFUSE };

/**
 * struct found - a container that runs
 * @id: its runtime, its name and its ID; where it was registered before, the ID
 *	that it has
 * @cgroup: path of its cgroup
 * @outer: the one that it is nested in, or NULL
 * @level: how many are around it
 * @init: its first process; 0 while it has none
 * @start: when that began
 * @mnt: that one's mount namespace
 * @own_mnt: whoever is in @mnt is in the container
 * @planned: what follows is known
 * @is_new: since the last look
 * @action: what is to be done
 * @done: it is done
 * @err: why it was refused, as errno
 * @depth: as records show it: 1 where it is not nested
 * @parent: where it is nested, in which
 * @processes: that were seen in it at first
 * @joined: those that did not descend from @init
 * @joined_count: how many
 * @note: what else could not be done, or NULL
 */
struct found {
	struct cgroup_name id;
	char *cgroup;
	struct found *outer;
	unsigned int level;
	pid_t init;
	unsigned long long start;
	struct mount_ns mnt;
	bool own_mnt;
	bool planned;
	bool is_new;
	enum action action;
	bool done;
	int err;
	unsigned int depth;
	struct audit_contid parent;
	size_t processes;
	struct found_joined {
		pid_t pid;
		unsigned long long start;
	} * joined;
	size_t joined_count;
	const char *note;
};

/**
 * struct found_list - all that are found
 * @items: outer ones first
 * @count: how many
 * @host: the mount namespace of process 1
 * @self: that of this process
 */
struct found_list {
	struct found **items;
	size_t count;
	struct mount_ns host;
	struct mount_ns self;
};

bool found_list_update(struct found_list *list, struct proc_list *procs);
void found_place(const struct found_list *list, struct proc *proc);
struct found *found_target(const struct found_list *list, const struct proc *proc,
			   unsigned int level);
struct found *found_innermost(const struct found_list *list, const struct proc *proc);
bool found_encloses(const struct found *outer, const struct found *inner);
bool found_is_runtime(const struct found *found, const struct proc *proc);
bool found_descends(const struct proc_list *procs, const struct proc *proc, pid_t from);
void found_note_nesting(struct found *found);
bool found_note_joined(struct found *found, const struct proc *proc);

#endif
