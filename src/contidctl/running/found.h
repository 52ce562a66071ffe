/* SPDX-License-Identifier: GPL-2.0 */
/* The containers that are found running, and who is in which. */
#ifndef CONTIDCTL_FOUND_H
#define CONTIDCTL_FOUND_H

#include "cgroup.h"
#include "contid.h"
#include "owner.h"
#include "proc.h"

#define FOUND_LEVELS 32 /* of containers in containers, and names in a path, that are looked at */

/* what is to be done with a container */
enum action { REGISTER, KEEP, REFUSE };

/**
 * struct found - a container that runs
 * @id: its runtime, its name and its ID; where it was registered before, the ID
 *	that it has
 * @hierarchy: that of @cgroup
 * @cgroup: path of its cgroup
 * @owner: the user whose choice that is
 * @name_of: if the name is not root's choice, the number of that user, or the ID of
 *	the container around it; else ""
 * @outer: the one that it is nested in, or NULL
 * @level: how many are around it
 * @init: its first process; 0 while it has none
 * @start: when that began
 * @init_depth: in so many PID namespaces each of its processes has a number, at least
 * @is_powerful: that amounts to root of the host, and so does what it names
 * @electing: another one is looked for
 * @one: meanwhile, the process 1 that may be it
 * @oldest: likewise, of those whose parent is outside
 * @place: in the list
 * @mnt: the first process's mount namespace
 * @own_mnt: whoever is in @mnt is in the container
 * @has_guest: others may live in the mount namespaces of its processes: see guest.c
 * @planned: what follows is known
 * @is_new: since the last look
 * @action: what is to be done
 * @done: it is done
 * @err: why it was refused, as errno
 * @why: if not by the kernel, in words; else NULL
 * @told: somebody was told that it is refused, at an earlier look
 * @depth: as records show it: 1 where it is not nested
 * @parent: where it is nested, in which
 * @processes: that were seen in it at first
 * @joined: those that did not descend from @init
 * @joined_count: how many
 * @note: what else could not be done, or NULL
 */
struct found {
	struct cgroup_name id;
	char *hierarchy;
	char *cgroup;
	struct cgroup_owner owner;
	char name_of[CONTID_TEXT];
	struct found *outer;
	unsigned int level;
	pid_t init;
	unsigned long long start;
	unsigned int init_depth;
	bool is_powerful;
	bool electing;
	const struct proc *one;
	const struct proc *oldest;
	size_t place;
	struct mount_ns mnt;
	bool own_mnt;
	bool has_guest;
	bool planned;
	bool is_new;
	enum action action;
	bool done;
	int err;
	const char *why;
	bool told;
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
 * @by_path: the same by their cgroups, for tsearch(3)
 * @by_mnt: those that have a first process, by its mount namespace
 * @by_mnt_count: how many
 * @host: the mount namespace of process 1
 * @self: that of this process
 */
struct found_list {
	struct found **items;
	size_t count;
	void *by_path;
	struct found **by_mnt;
	size_t by_mnt_count;
	struct mount_ns host;
	struct mount_ns self;
};

bool found_list_update(struct found_list *list, struct proc_list *procs);
void found_list_free(struct found_list *list);
void found_place(const struct found_list *list, struct proc *proc);
struct found *found_target(const struct found_list *list, const struct proc *proc,
			   unsigned int level);
struct found *found_innermost(const struct found_list *list, const struct proc *proc);
bool found_encloses(const struct found *outer, const struct found *inner);
bool found_is_runtime(const struct found *found, const struct proc *proc);
size_t found_generations(const struct proc_list *procs, const struct found *found);
bool found_descends(const struct proc_list *procs, const struct found *found,
		    const struct proc *proc, pid_t from);
bool found_shares_mnt_with_runtime(const struct proc_list *procs, const struct found *found,
				   const struct proc *init);
void found_find_outer(const struct proc_list *procs, struct found *found, const struct proc *init);
bool found_is_apart(const struct found_list *list, const struct proc_list *procs,
		    const struct proc *proc);
void found_mark_guests(struct found_list *list, struct proc_list *procs);
void found_elect(struct found_list *list, const struct proc_list *procs);
void found_correct_name(const struct proc_list *procs, struct found *found);
void found_refuse(struct found *found, int err, const char *why);
void found_note_nesting(struct found *found);
bool found_note_joined(struct found *found, const struct proc *proc);

/** found_is_roots - has root of the host chosen its name, and what is in it? */
static inline bool found_is_roots(const struct found *found)
{
	return found->owner.is_root && !*found->name_of;
}

#endif
