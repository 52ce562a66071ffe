// SPDX-License-Identifier: GPL-2.0
/*
 * While the crowd is frozen: does all that the module tells fit together, and with
 * what /proc shows? And calls, one at a time, whose answer follows from that: the
 * first error of the documented list, and a refusal that has changed nothing.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "fuzz.h"

#define PATIENCE 20 /* seconds */

/**
 * struct state - the containers that live
 * @found: from older to younger
 * @count: how many
 */
struct state {
	struct audit_contid_container found[CONTAINERS];
	unsigned int count;
};

static void state_read(int device, struct state *state)
{
	struct audit_contid_list list = { .buffer = (uintptr_t)state->found, .count = CONTAINERS };

	memset(state, 0, sizeof(*state));
	if (ioctl(device, AUDIT_CONTID_IOC_LIST, &list))
		fail("LIST");
	state->count = list.count;
	if (list.more || list.live != list.count)
		wrong("%u of %llu containers, more %u", list.count, list.live, list.more);
	/* what grows by each record says nothing here */
	for (unsigned int i = 0; i < list.count; i++) {
		state->found[i].asked = 0;
		state->found[i].written = 0;
		state->found[i].unplaced = 0;
		state->found[i].cut = 0;
		state->found[i].held = 0;
		state->found[i].held_ns = 0;
	}
}

static const struct audit_contid_container *container_find(const struct state *state,
							   const struct audit_contid *id)
{
	for (unsigned int i = 0; i < state->count; i++) {
		if (!memcmp(&state->found[i].contid, id, sizeof(*id)))
			return &state->found[i];
	}
	return NULL;
}

/* Is one container nested in another? By its ID; by none in the host. */
static bool is_nested(const struct state *state, const struct audit_contid_container *inner,
		      const struct audit_contid *outer)
{
	while (inner && memcmp(&inner->parent, outer, sizeof(*outer)))
		inner = container_find(state, &inner->parent);
	return inner;
}

/* --- does it fit together? */

static const char *look_at_containers(const struct state *state)
{
	static const struct audit_contid none;

	for (unsigned int i = 0; i < state->count; i++) {
		const struct audit_contid_container *c = &state->found[i], *parent;

		parent = container_find(state, &c->parent);
		if (container_find(state, &c->contid) != c)
			return "an ID is there twice";
		if (!memcmp(&c->parent, &none, sizeof(none)) ?
			    c->depth != 1 :
			    !parent || parent->depth + 1 != c->depth || parent->serial >= c->serial)
			return "a parent is not what it has to be";
	}
	return NULL;
}

/* Counts a process where it is; one that carries nothing is in none. */
static const char *count_process(const struct audit_contid_get *label, struct state *state)
{
	const struct audit_contid_container *c = NULL;

	for (unsigned int i = 0; i < label->depth; i++) {
		if (c && memcmp(&c->parent, &label->contid[i], sizeof(c->parent)))
			return "a process carries what is not nested so";
		c = container_find(state, &label->contid[i]);
		if (!c || c->depth != label->depth - i)
			return "a process carries what does not live";
		if (!i)
			state->found[c - state->found].processes--;
	}
	return NULL;
}

/* Each process of /proc; leaves 0 as the number of each container's processes. */
static const char *count_processes(int device, struct state *state)
{
	DIR *proc = opendir("/proc");
	const char *problem = NULL;
	struct dirent *entry;

	if (!proc)
		fail("/proc");
	while (!problem && (entry = readdir(proc))) {
		struct audit_contid_get label;

		if (isdigit((unsigned char)*entry->d_name) &&
		    !label_get(device, atoi(entry->d_name), &label))
			problem = count_process(&label, state);
	}
	closedir(proc);
	for (unsigned int i = 0; !problem && i < state->count; i++) {
		if (state->found[i].processes)
			problem = "a container has not as many processes as carry it";
	}
	return problem;
}

static const char *look_at_stats(int device, const struct state *state)
{
	struct audit_contid_stats stats = {};
	uint64_t processes = 0;

	for (unsigned int i = 0; i < state->count; i++)
		processes += state->found[i].processes;
	if (ioctl(device, AUDIT_CONTID_IOC_STATS, &stats))
		fail("STATS");
	if (stats.containers != state->count || stats.processes != processes)
		return "the sums are not those of the list";
	if (stats.registered - stats_at_begin.registered != shared->registered ||
	    stats.refused - stats_at_begin.refused != shared->refused)
		return "registrations are not as many as were made";
	if (stats.stale != stats_at_begin.stale ||
	    stats.inherit_failed != stats_at_begin.inherit_failed)
		return "a label was lost";
	return NULL;
}

void check_all(int device)
{
	time_t end = time(NULL) + PATIENCE;
	const char *problem;
	struct state state;

	/* a number of /proc may be one that dies in this moment: look again */
	do {
		state_read(device, &state);
		problem = look_at_containers(&state);
		if (!problem)
			problem = look_at_stats(device, &state);
		if (!problem)
			problem = count_processes(device, &state);
	} while (problem && time(NULL) < end);
	if (problem)
		wrong("while nobody runs: %s", problem);
}

/* All have died: no container is left. */
void check_end(int device)
{
	time_t end = time(NULL) + PATIENCE;
	struct state state;

	do
		state_read(device, &state);
	while (state.count && time(NULL) < end);
	if (state.count)
		wrong("%u containers live though nobody does, of the first %llu processes",
		      state.count, state.found[0].processes);
}

/* --- calls whose answer is known */

static bool has_children(pid_t pid)
{
	struct dirent *entry;
	bool found = false;
	char path[320];
	DIR *tasks;

	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	tasks = opendir(path);
	while (tasks && !found && (entry = readdir(tasks))) {
		FILE *file;

		snprintf(path, sizeof(path), "/proc/%d/task/%s/children", pid, entry->d_name);
		file = *entry->d_name == '.' ? NULL : fopen(path, "r");
		if (!file)
			continue;
		found = fgetc(file) != EOF;
		fclose(file);
	}
	if (tasks)
		closedir(tasks);
	return found;
}

/* The documented list, from its beginning on. */
static int foretell(const struct state *state, const struct audit_contid_register *arg, pid_t pid,
		    int err, const struct audit_contid_get *old)
{
	static const struct audit_contid none;
	const struct audit_contid_container *c = container_find(state, &arg->contid);
	const struct audit_contid *from = old->depth ? &old->contid[0] : &none;
	bool join = arg->flags & AUDIT_CONTID_JOIN, tree = arg->flags & AUDIT_CONTID_TREE;

	/* a process that cannot be read cannot be registered either, for the same reason */
	if (err)
		return err;
	if (pid == getpid() || (tree && pid == 1))
		return EXDEV;
	if (join && c && !is_nested(state, c, from))
		return EXDEV;
	if (old->origin == AUDIT_CONTID_ORIGIN_REGISTERED)
		return EEXIST;
	if (!tree && has_children(pid))
		return EBUSY;
	if (join)
		return c ? 0 : ENOENT;
	if (c)
		return ENOTUNIQ;
	if (old->depth == info.max_depth)
		return EMLINK;
	return state->count >= info.max_containers ? ENOSPC : 0;
}

static bool state_is(const struct state *a, const struct state *b)
{
	return a->count == b->count && !memcmp(a->found, b->found, a->count * sizeof(*a->found));
}

static void look_at_refused(int device, const struct state *before, pid_t pid,
			    const struct audit_contid_get *old)
{
	struct audit_contid_get label;
	struct state after;

	state_read(device, &after);
	label_get(device, pid, &label);
	if (!state_is(before, &after) || memcmp(&label, old, sizeof(label)))
		wrong("a refused registration of %d has changed something", pid);
}

static void look_at_done(int device, const struct state *before,
			 const struct audit_contid_register *arg, pid_t pid,
			 const struct audit_contid_get *old)
{
	bool join = arg->flags & AUDIT_CONTID_JOIN, tree = arg->flags & AUDIT_CONTID_TREE;
	const struct audit_contid_container *c;
	struct audit_contid_get label;
	struct state after;

	state_read(device, &after);
	c = container_find(&after, &arg->contid);
	if (label_get(device, pid, &label) ||
	    memcmp(&label.contid[0], &arg->contid, sizeof(arg->contid)) ||
	    label.origin != AUDIT_CONTID_ORIGIN_REGISTERED || !label_is_within(&label, old) ||
	    label.depth == old->depth || (!join && label.depth != old->depth + 1))
		wrong("%d was registered and carries depth %u, origin %u", pid, label.depth,
		      label.origin);
	if (!c || after.count != before->count + !join)
		wrong("after a registration there are %u containers, of %u", after.count,
		      before->count);
	else if (!join && (c->first_pid != pid || (!tree && c->processes != 1) ||
			   c != &after.found[after.count - 1]))
		wrong("a new container has %llu processes, and %d is the first", c->processes,
		      c->first_pid);
}

static pid_t take_target(struct random *random)
{
	pid_t pid = shared->slot[below(random, SLOTS)];

	switch (below(random, 40)) {
	case 0:
		return 1;
	case 1:
		return 2;
	case 2:
		return getpid();
	default:
		return pid > 0 ? pid : 4194305;
	}
}

static void check_register(int device, struct random *random)
{
	static struct state before;
	struct audit_contid_register arg = { .flags = AUDIT_CONTID_PID };
	pid_t pid = take_target(random);
	struct audit_contid_get old;
	int expected, err, pidfd = -1;

	contid_of_pool(below(random, POOL), &arg.contid);
	if (one_in(random, 4))
		*(uint64_t *)arg.contid.b = random_next(random);
	arg.flags |= one_in(random, 3) ? AUDIT_CONTID_JOIN : 0;
	arg.flags |= one_in(random, 64) ? AUDIT_CONTID_TREE : 0;
	arg.target = pid;
	state_read(device, &before);
	err = label_get(device, pid, &old);
	expected = foretell(&before, &arg, pid, err, &old);
	if (one_in(random, 2))
		pidfd = syscall(SYS_pidfd_open, pid, 0);
	if (pidfd >= 0) {
		arg.flags ^= AUDIT_CONTID_PID | AUDIT_CONTID_PIDFD;
		arg.target = pidfd;
	}
	err = ioctl(device, AUDIT_CONTID_IOC_REGISTER, &arg) ? errno : 0;
	count_call(REGISTER, err);
	count_register(err);
	if (err != expected)
		wrong("register of %d, flags %#x, depth %u, origin %u: %s in the place of %s", pid,
		      arg.flags, old.depth, old.origin, err ? strerrorname_np(err) : "OK",
		      expected ? strerrorname_np(expected) : "OK");
	else if (err)
		look_at_refused(device, &before, pid, &old);
	else
		look_at_done(device, &before, &arg, pid, &old);
	if (pidfd >= 0)
		close(pidfd);
}

void check_calls(int device, struct random *random, unsigned long count)
{
	for (unsigned long i = 0; i < count && !shared->failed; i++)
		check_register(device, random);
}
