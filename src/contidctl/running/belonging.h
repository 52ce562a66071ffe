/* SPDX-License-Identifier: GPL-2.0 */
/* Which process of now belongs in which of the containers that were saved. */
#ifndef CONTIDCTL_BELONGING_H
#define CONTIDCTL_BELONGING_H

#include "device.h"
#include "proc.h"
#include "state.h"

/**
 * struct belonging - what is known of one process
 * @to: the innermost container that it belongs in; NULL for the host
 * @common: the innermost one around @to, and around those of its descendants that a tree takes
 *	along with it, as they carry what it carries; NULL for the host
 * @children: how many have it for their @parent, while @common is not known
 * @saved: what was saved of it, or NULL
 * @label: what it carries
 * @parent: its parent's place in the list, or -1
 * @decided: @to is known
 * @doubtful: it may belong in one, but that cannot be known
 */
struct belonging {
	const struct audit_contid_container *to;
	const struct audit_contid_container *common;
	size_t children;
	const struct state_process *saved;
	struct audit_contid_get label;
	ssize_t parent;
	bool decided;
	bool doubtful;
};

/**
 * struct scene - all processes of a moment
 * @procs: they
 * @items: one for each of them
 * @hosts: mount namespaces in which processes live that were there and not saved
 * @hosts_count: how many, with those that are in there twice
 * @chain: room for the places of a process and all its ancestors
 * @host: the machine's own mount namespace
 */
struct scene {
	struct proc_list procs;
	struct belonging *items;
	struct mount_ns *hosts;
	size_t hosts_count;
	size_t *chain;
	struct mount_ns host;
};

const struct audit_contid_container *state_parent(const struct state *state,
						  const struct audit_contid_container *c);
bool state_encloses(const struct state *state, const struct audit_contid_container *outer,
		    const struct audit_contid_container *inner);

bool scene_place(struct scene *scene, const struct device *device, const struct state *state);
bool scene_read(struct scene *scene, const struct device *device, const struct state *state);
void scene_free(struct scene *scene);

#endif
