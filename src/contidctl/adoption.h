/* SPDX-License-Identifier: GPL-2.0 */
/* What an adoption finds, does, and leaves undone. */
#ifndef CONTIDCTL_ADOPTION_H
#define CONTIDCTL_ADOPTION_H

#include "device.h"
#include "found.h"

#define REFUSAL_TEXT 256

/**
 * struct aside - a process that is told of for itself
 * @pid: its number
 * @start: when it began
 * @name: its comm
 * @cgroup: its cgroup
 * @found: the container that it has to do with, or NULL
 * @err: why it was refused, as errno
 */
struct aside {
	pid_t pid;
	unsigned long long start;
	char name[PROC_NAME];
	char *cgroup;
	const struct found *found;
	int err;
};

/** struct aside_list - several of them */
struct aside_list {
	struct aside *items;
	size_t count;
};

/**
 * struct adoption - one run
 * @device: the open device
 * @dry_run: nothing is changed
 * @found: the containers
 * @refused: processes that could not be joined
 * @runtimes: the runtimes' own processes, which stay outside
 * @unknown: first processes of a PID namespace that are in no container
 */
struct adoption {
	struct device device;
	bool dry_run;
	struct found_list found;
	struct aside_list refused;
	struct aside_list runtimes;
	struct aside_list unknown;
};

bool aside_add(struct aside_list *list, const struct proc *proc, const struct found *found,
	       int err);
bool aside_has(const struct aside_list *list, const struct proc *proc);

int label_read(const struct device *device, pid_t pid, struct audit_contid_get *label);
bool label_has(const struct audit_contid_get *label, const struct audit_contid *contid);

void refusal_format(int err, char text[REFUSAL_TEXT]);

bool adoption_plan(struct adoption *adoption, const struct proc_list *procs);
bool adoption_do(struct adoption *adoption);

bool adoption_is_complete(const struct adoption *adoption);
void adoption_print(const struct adoption *adoption);
void adoption_print_json(const struct adoption *adoption);

#endif
