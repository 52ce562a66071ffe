/* SPDX-License-Identifier: GPL-2.0 */
/* A process as /proc shows it, and all of them. */
#ifndef CONTIDCTL_PROC_H
#define CONTIDCTL_PROC_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include <linux/audit_contid.h>

#include "processes.h"

#define INITIAL_USER_NS 0xeffffffd /* the number that each kernel gives it */

struct found;

/**
 * struct mount_ns - a mount namespace
 * @dev: of its file system
 * @ino: its number there; 0 where it could not be read
 */
struct mount_ns {
	dev_t dev;
	ino_t ino;
};

/**
 * struct proc - a process
 * @pid: its number
 * @thread: the rest was read of this one: the leader, unless that has exited
 * @parent: its parent's
 * @start: when it began, in clock ticks since the machine did
 * @depth: in so many PID namespaces it has a number
 * @first: in the innermost that is 1
 * @is_runtime: it executes a file that is called as a runtime's
 * @is_powerful: it holds what amounts to root of the host: CAP_SYS_MODULE and
 *	CAP_SYS_ADMIN in the initial user namespace
 * @has_child: set by proc_list_read()
 * @name: its comm, without what is not fit to print
 * @mnt: its mount namespace
 * @hierarchy: the controllers of the hierarchy of @cgroup, "" for cgroup v2
 * @cgroup: its path; both are freed by proc_free()
 * @in: the innermost container whose cgroup that is in; set by found_place()
 * @is_monitor: it is in the cgroup of a container's monitor; likewise
 * @at_host: it is in the mount namespace of the host; likewise
 * @is_above_inner: set by joining, see there
 * @leads_to_guest: set by found_mark_guests(): it, or one that descends from it, is in a
 *	mount namespace, not the host's, that root of the host has made
 */
struct proc {
	pid_t pid;
	pid_t thread;
	pid_t parent;
	unsigned long long start;
	unsigned int depth;
	bool first;
	bool is_runtime;
	bool is_powerful;
	bool has_child;
	char name[PROC_NAME];
	struct mount_ns mnt;
	char *hierarchy;
	char *cgroup;
	struct found *in;
	bool is_monitor;
	bool at_host;
	bool is_above_inner;
	bool leads_to_guest;
};

/**
 * struct proc_list - all processes of one moment, more or less
 * @items: sorted by their numbers
 * @count: how many
 */
struct proc_list {
	struct proc *items;
	size_t count;
};

bool proc_read(pid_t pid, struct proc *proc);
void proc_free(struct proc *proc);
bool proc_list_read(struct proc_list *list);
void proc_list_free(struct proc_list *list);
struct proc *proc_list_find(const struct proc_list *list, pid_t pid);

/** mount_ns_equal - false also where one is not known */
static inline bool mount_ns_equal(const struct mount_ns *a, const struct mount_ns *b)
{
	return a->ino && a->ino == b->ino && a->dev == b->dev;
}

bool proc_last_argument(pid_t pid, char *text, size_t size);
bool mount_ns_read(pid_t pid, struct mount_ns *ns);

#endif
