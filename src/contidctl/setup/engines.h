/* SPDX-License-Identifier: GPL-2.0 */
/* The container engines, and what each needs to register its containers by itself. */
#ifndef SETUP_ENGINES_H
#define SETUP_ENGINES_H

#include <stdbool.h>

#include "kept.h"

#define CHANGES 2 /* the most that an engine needs */

/**
 * struct plan - what is to be done for an engine
 * @changes: of files
 * @count: of @changes
 * @wrong: why it cannot be done, and what to type instead; NULL if it can
 * @unit: the systemd unit that takes a changed file on a reload, or NULL
 * @drop_in: a drop-in of a unit is among the files
 * @then: what the person has to do besides, or NULL
 * @until_restart: what an engine that runs does when it was undone, or NULL
 * @limit: what is not covered on this machine, or NULL
 */
struct plan {
	struct change changes[CHANGES];
	int count;
	char *wrong;
	const char *unit;
	bool drop_in;
	const char *then;
	const char *until_restart;
	char *limit;
};

/**
 * struct engine - an engine
 * @name: on the command line
 * @title: in messages
 * @programs: each of them shows that it is on the machine; ends with NULL
 * @by_hand: there is no way to set it up
 * @by_name: it is only set up if it is named
 * @plan: make the plan; also if some of it is done already
 * @undone: what to say when it was undone, to be freed, or NULL; may be NULL
 */
struct engine {
	const char *name;
	const char *title;
	const char *const *programs;
	bool by_hand;
	bool by_name;
	void (*plan)(struct plan *plan);
	char *(*undone)(void);
};

extern const struct engine docker_engine;
extern const struct engine containerd_engine;
extern const struct engine crio_engine;
extern const struct engine podman_engine;
extern const struct engine lxc_engine;
extern const struct engine incus_engine;
extern const struct engine nspawn_engine;
extern const struct engine nri_engine;

void plan_wrong(struct plan *plan, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool plan_needs(struct plan *plan, const char *program);
void plan_file(struct plan *plan, const char *path, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void plan_free(struct plan *plan);

#endif
