// SPDX-License-Identifier: GPL-2.0
/*
 * A user can call a cgroup of their own as a runtime calls a container's, and put a process
 * into it that lives in a mount namespace which root has made: that of a service with
 * PrivateTmp, say. Root's processes live there, too, and are in no container of the user's:
 * but the module takes the namespace of each process that it registers for the container's
 * home. A rootless engine has a user namespace, and makes its mount namespaces in there.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/nsfs.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "found.h"

/* Is its mount namespace one that root of the host has made? If that cannot be known, too. */
static bool is_in_roots_mnt(const struct proc *proc)
{
	char path[sizeof("/proc//ns/mnt") + 3 * sizeof(pid_t)];
	struct stat owner;
	int fd, user;
	bool known;

	snprintf(path, sizeof(path), "/proc/%d/ns/mnt", proc->thread);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	/* it has ended */
	if (fd < 0)
		return false;
	user = ioctl(fd, NS_GET_USERNS);
	known = user >= 0 && !fstat(user, &owner);
	if (user >= 0)
		close(user);
	close(fd);
	return !known || owner.st_ino == INITIAL_USER_NS;
}

static void mark_above(const struct proc_list *procs, struct proc *proc)
{
	for (; proc && !proc->leads_to_guest; proc = proc_list_find(procs, proc->parent))
		proc->leads_to_guest = true;
}

static void mark_around(struct found *found)
{
	for (unsigned int i = 0; found && i < FOUND_LEVELS; i++, found = found->outer)
		found->has_guest |= !found->owner.is_root;
}

static bool is_needed(const struct found_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		if (list->items[i]->init && !list->items[i]->owner.is_root)
			return true;
	}
	return false;
}

/**
 * found_mark_guests - mark what must not be registered in a container of a user's
 * @list: the containers
 * @procs: all processes, placed; @leads_to_guest is set
 *
 * A container whose cgroup is not root's choice is a @has_guest if it has such a process.
 */
void found_mark_guests(struct found_list *list, struct proc_list *procs)
{
	if (!is_needed(list))
		return;
	for (size_t i = 0; i < procs->count; i++) {
		struct proc *proc = &procs->items[i];

		if (mount_ns_equal(&proc->mnt, &list->host) || !is_in_roots_mnt(proc))
			continue;
		mark_above(procs, proc);
		mark_around(proc->in);
	}
	for (size_t i = 0; i < list->count; i++) {
		struct found *found = list->items[i];
		const struct proc *init = proc_list_find(procs, found->init);

		found->has_guest |= !found->owner.is_root && init && init->leads_to_guest;
	}
}
