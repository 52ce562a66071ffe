// SPDX-License-Identifier: GPL-2.0
/*
 * Outer containers first, a level with each look: a process is registered or
 * joined to the outermost container that it lacks, and counts then as one that has
 * inherited it (AUDIT_CONTID_RESTORE), so that the next one in can follow.
 *
 * Where a process has children it can only be done for all its descendants that
 * carry what it carries. That is only done where all of those belong in there too.
 * Where one does not, it comes first, and carries something else then; where
 * nothing comes first any more, the rest is reported. So nobody is ever put where it
 * does not belong.
 *
 * Meanwhile they fork and end. Who is born of one that carries its ID carries it,
 * so those who do not get fewer; looks go on until two in a row find nobody.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "enrol.h"
#include "live.h"
#include "restoring.h"

#define CLEAN	2 /* so many looks in a row have to find nobody */
#define STUCK	5 /* after so many that could do nothing the rest is given up */
#define LOOKS	10000
#define SECONDS 120 /* a container that goes on and on forking could keep it busy for hours */

/**
 * struct plan - what one look has found to do
 * @step: for each process the container that it is to be put into next, or NULL
 * @root: for each container the place of the process to register for it, or -1
 * @left: processes that lack something
 * @done: how many were put somewhere
 */
struct plan {
	const struct audit_contid_container **step;
	ssize_t *root;
	size_t left;
	size_t done;
};

static struct fate *fate_of(const struct restoring *restoring,
			    const struct audit_contid_container *c)
{
	return &restoring->fates[c - restoring->state.containers];
}

static bool note_live(void *data, const struct audit_contid_container *now)
{
	struct restoring *restoring = data;
	const struct audit_contid_container *c = state_container(&restoring->state, &now->contid);

	if (!c)
		return true;
	fate_of(restoring, c)->lives = true;
	fate_of(restoring, c)->elsewhere = now->depth != c->depth ||
					   memcmp(&now->parent, &c->parent, sizeof(c->parent));
	return true;
}

static bool read_live(struct restoring *restoring)
{
	for (size_t i = 0; i < restoring->state.container_count; i++)
		restoring->fates[i].lives = false;
	return !live_each(restoring->device.fd, note_live, restoring, NULL);
}

/** restoring_refusal - what the kernel said to a process, or NULL */
const struct aside *restoring_refusal(const struct restoring *restoring, const struct proc *proc)
{
	return aside_find(&restoring->refused, proc);
}

/*
 * The outermost container that a process lacks. One that carries something else in
 * its place cannot be put there.
 */
static const struct audit_contid_container *next_step(const struct restoring *restoring, size_t i)
{
	const struct belonging *its = &restoring->scene.items[i];
	const struct audit_contid_container *c = its->to, *outer;

	if (!c || label_has(&its->label, &c->contid))
		return NULL;
	while ((outer = state_parent(&restoring->state, c)) &&
	       !label_has(&its->label, &outer->contid))
		c = outer;
	if (its->label.depth + 1 != c->depth ||
	    (outer && memcmp(&its->label.contid[0], &outer->contid, sizeof(outer->contid))))
		return NULL;
	if (fate_of(restoring, c)->err || fate_of(restoring, c)->elsewhere ||
	    restoring_refusal(restoring, &restoring->scene.procs.items[i]))
		return NULL;
	return c;
}

/* Do all who would come along to a process's next container belong in there? */
static bool is_safe(const struct restoring *restoring, const struct plan *plan, size_t i)
{
	return state_encloses(&restoring->state, plan->step[i], restoring->scene.items[i].common);
}

/* The first process of the container, or else the oldest. */
static bool is_better_root(const struct audit_contid_container *c, const struct proc *a,
			   const struct proc *b)
{
	if (!b || a->pid == c->first_pid)
		return true;
	return b->pid != c->first_pid && a->start < b->start;
}

static void make_plan(const struct restoring *restoring, struct plan *plan)
{
	const struct scene *scene = &restoring->scene;

	for (size_t i = 0; i < restoring->state.container_count; i++)
		plan->root[i] = -1;
	for (size_t i = 0; i < scene->procs.count; i++) {
		const struct proc *proc = &scene->procs.items[i];
		const struct audit_contid_container *c = next_step(restoring, i);
		ssize_t *root;

		plan->step[i] = c;
		plan->left += !!c;
		if (!c || fate_of(restoring, c)->lives)
			continue;
		root = &plan->root[c - restoring->state.containers];
		if (is_better_root(c, proc, *root < 0 ? NULL : &scene->procs.items[*root]) &&
		    is_safe(restoring, plan, i))
			*root = i;
	}
}

/* It keeps what it was: who was registered is not to be registered again. */
static bool counts_as_inherited(const struct belonging *its, const struct audit_contid_container *c)
{
	return its->to != c || !its->saved || its->saved->origin != AUDIT_CONTID_ORIGIN_REGISTERED;
}

/* Is this the container's fault, and not this process's? */
static bool is_of_container(int err)
{
	return err == ENOTUNIQ || err == EMLINK || err == ENOSPC;
}

/* The limit that it had, in the place of the one that the module's parameters gave it. */
static void put_rate(struct restoring *restoring, const struct audit_contid_container *c)
{
	if (c->rate == RATE_UNKNOWN ||
	    !(restoring->device.info.features & AUDIT_CONTID_FEATURE_RATE))
		return;
	if (contid_rate(restoring->device.fd, &c->contid, c->rate, c->burst))
		fate_of(restoring, c)->rate_err = errno;
}

static bool put(struct restoring *restoring, struct plan *plan, size_t i, bool join)
{
	const struct proc *proc = &restoring->scene.procs.items[i];
	const struct audit_contid_container *c = plan->step[i];
	struct registration what = {
		.pid = proc->pid,
		.contid = c->contid,
		.label = state_label(&restoring->state, c),
		.join = join,
		.tree = proc->has_child,
		.restore = counts_as_inherited(&restoring->scene.items[i], c),
	};
	int err = enrol(&restoring->device, &what, proc->start, NULL);

	if (!err) {
		plan->done++;
		if (!join)
			put_rate(restoring, c);
		return true;
	}
	if (enrol_may_pass(err) || err == ENOENT)
		return true;
	if (is_of_container(err)) {
		fate_of(restoring, c)->err = err;
		return true;
	}
	return aside_add(&restoring->refused, proc, NULL, err);
}

/* Its parent, which comes first, takes it along. */
static bool is_taken_along(const struct restoring *restoring, struct plan *plan, size_t i)
{
	ssize_t parent = restoring->scene.items[i].parent;

	return parent >= 0 && plan->step[parent] == plan->step[i] &&
	       is_safe(restoring, plan, parent);
}

static bool follow_plan(struct restoring *restoring, struct plan *plan)
{
	const struct state *state = &restoring->state;
	bool ok = true;

	for (size_t i = 0; ok && i < state->container_count; i++) {
		if (plan->root[i] >= 0)
			ok = put(restoring, plan, plan->root[i], false);
	}
	for (size_t i = 0; ok && i < restoring->scene.procs.count; i++) {
		const struct audit_contid_container *c = plan->step[i];

		/* what was registered just now is for the next look */
		if (c && fate_of(restoring, c)->lives && !is_taken_along(restoring, plan, i) &&
		    is_safe(restoring, plan, i))
			ok = put(restoring, plan, i, true);
	}
	return ok;
}

/* A look at all, and a step for each. */
static bool look(struct restoring *restoring, size_t *left, size_t *done)
{
	struct plan plan = {};
	bool ok;

	scene_free(&restoring->scene);
	ok = read_live(restoring) &&
	     scene_read(&restoring->scene, &restoring->device, &restoring->state);
	if (ok) {
		plan.step = calloc(restoring->scene.procs.count + 1, sizeof(*plan.step));
		plan.root = calloc(restoring->state.container_count + 1, sizeof(*plan.root));
		ok = plan.step && plan.root;
	}
	if (ok) {
		make_plan(restoring, &plan);
		ok = follow_plan(restoring, &plan);
	}
	free(plan.step);
	free(plan.root);
	*left = plan.left;
	*done = plan.done;
	return ok;
}

static void sum_up(struct restoring *restoring)
{
	const struct scene *scene = &restoring->scene;

	for (size_t i = 0; i < scene->procs.count; i++) {
		const struct belonging *its = &scene->items[i];
		struct fate *fate;

		if (!its->to)
			continue;
		fate = fate_of(restoring, its->to);
		fate->members++;
		fate->left_out += !label_has(&its->label, &its->to->contid);
	}
}

static time_t seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

/**
 * restoring_do - put back what can be
 * @restoring: with the open device and the state
 *
 * It gives up after two minutes: what is left is in @scene.
 *
 * Return: false where processes or containers could not be read; see errno.
 */
bool restoring_do(struct restoring *restoring)
{
	unsigned int clean = 0, stuck = 0;
	time_t end = seconds() + SECONDS;
	size_t left, done;

	restoring->fates = calloc(restoring->state.container_count + 1, sizeof(*restoring->fates));
	if (!restoring->fates || !read_live(restoring))
		return false;
	for (size_t i = 0; i < restoring->state.container_count; i++)
		restoring->fates[i].lived = restoring->fates[i].lives;
	for (int i = 0; clean < CLEAN && stuck < STUCK && i < LOOKS && seconds() < end; i++) {
		if (!look(restoring, &left, &done))
			return false;
		clean = left ? 0 : clean + 1;
		stuck = done || !left ? 0 : stuck + 1;
		restoring->done += done;
	}
	sum_up(restoring);
	return true;
}
