// SPDX-License-Identifier: GPL-2.0
/*
 * restore_hostile generations COUNT: processes that descend from one another, each of the one
 * before, of which the first was saved. Ends with 0 if all belong where that one does.
 *
 * restore_hostile forks: one process that lacks its label again after each time that it has
 * got it, as others of a container that forks do. Each time takes a second. Prints after how
 * many restoring gives up.
 *
 * restore_hostile tree COUNT: likewise, and restoring is to put them back. Prints how long that
 * takes, in microseconds of this process's time. It takes the first, with all others.
 *
 * restore_hostile entered NAMESPACE: one that had entered the container by its mount namespace,
 * which is 2, and is in this one by now. The host's is 1, that of a service 3. Prints whether
 * it belongs in the container or to the host.
 *
 * Processes are made up, but for that of "forks". There is no module, and nothing is registered.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "enrol.h"
#include "restoring.h"

#define PATIENCE 1000 /* seconds */
#define SAVED_AT 1000 /* when all was saved, as start times have it */

int __wrap_enrol(const struct device *device, struct registration *what, unsigned long long start,
		 const struct belongs *belongs);
int __wrap_live_each(int fd,
		     bool (*take)(void *data, const struct audit_contid_container *container),
		     void *data, uint64_t *changes);
int __wrap_clock_gettime(clockid_t clock, struct timespec *now);
bool __real_scene_read(struct scene *scene, const struct device *device, const struct state *state);
bool __wrap_scene_read(struct scene *scene, const struct device *device, const struct state *state);

static time_t clock_now;
static size_t enrolled, tree;

static struct audit_contid_container container = { .contid = { { 1 } }, .depth = 1 };

int __wrap_enrol(const struct device *device, struct registration *what, unsigned long long start,
		 const struct belongs *belongs)
{
	(void)device, (void)what, (void)start, (void)belongs;
	enrolled++;
	clock_now += tree ? PATIENCE : 1;
	if (!tree && clock_now > PATIENCE)
		exit(1);
	return 0;
}

int __wrap_live_each(int fd,
		     bool (*take)(void *data, const struct audit_contid_container *container),
		     void *data, uint64_t *changes)
{
	(void)fd, (void)changes;
	if (tree)
		take(data, &container);
	return 0;
}

int __wrap_clock_gettime(clockid_t clock, struct timespec *now)
{
	(void)clock;
	*now = (struct timespec){ .tv_sec = clock_now };
	return 0;
}

static const struct device no_device = { .fd = -1 };

static struct state_process saved = {
	.mnt = 1,
	.origin = AUDIT_CONTID_ORIGIN_INHERITED,
	.contid = { { 1 } },
};

/* A container with one process. */
static bool save(struct state *state, pid_t pid, unsigned long long start)
{
	static char label[1][LABEL_TEXT];

	saved.pid = pid;
	saved.start = start;
	*state = (struct state){
		.since = SAVED_AT,
		.containers = &container,
		.labels = label,
		.container_count = 1,
		.processes = &saved,
		.process_count = 1,
	};
	return state_index(state);
}

static struct proc one(pid_t pid, pid_t parent, unsigned long long start, ino_t mnt)
{
	return (struct proc){
		.pid = pid,
		.thread = pid,
		.parent = parent,
		.start = start,
		.mnt = { 1, mnt },
		.hierarchy = strdup(""),
		.cgroup = strdup("/"),
	};
}

/* Numbers begin anew after the highest: here each is lower than the parent's. */
static bool make(struct scene *scene, const struct state *state, size_t count)
{
	*scene = (struct scene){ .host = { 1, 1 } };
	scene->procs = (struct proc_list){ calloc(count, sizeof(struct proc)), count };
	for (size_t i = 0; i < count; i++) {
		scene->procs.items[i] = one(i + 1, i + 2, i + 1 < count ? SAVED_AT : 1, 1);
		scene->procs.items[i].has_child = i;
	}
	return scene_place(scene, &no_device, state);
}

bool __wrap_scene_read(struct scene *scene, const struct device *device, const struct state *state)
{
	return tree ? make(scene, state, tree) : __real_scene_read(scene, device, state);
}

static int generations(size_t count)
{
	struct scene scene;
	struct state state;

	if (!save(&state, count, 1) || !make(&scene, &state, count))
		return 2;
	for (size_t i = 0; i < count; i++) {
		if (scene.items[i].to != &container)
			return 1;
	}
	return 0;
}

static int put_back(size_t count)
{
	struct restoring restoring = { .device = no_device };
	clock_t begun = clock();

	tree = count;
	if (!save(&restoring.state, count, 1))
		return 2;
	/* one look, and the next one is too late */
	clock_now = 0;
	if (!restoring_do(&restoring))
		return 2;
	printf("%ld\n", (long)(clock() - begun) * (1000000 / CLOCKS_PER_SEC));
	return enrolled == 1 ? 0 : 1;
}

static int forks(void)
{
	struct restoring restoring = { .device = no_device };
	struct proc self;

	if (!proc_read(getpid(), &self) || !save(&restoring.state, self.pid, self.start))
		return 2;
	/* all others were there, and are the host's */
	restoring.state.since = INT64_MAX;
	clock_now = 0;
	if (!restoring_do(&restoring))
		return 2;
	printf("%ld\n", (long)clock_now);
	return restoring.fates[0].left_out == 1 ? 0 : 1;
}

static int entered(ino_t mnt)
{
	struct scene scene = { .host = { 1, 1 } };
	struct proc procs[] = { one(1, 0, 1, 1), one(3, 1, 1, 3), one(4, 1, 1, mnt) };
	struct state state;

	saved.mnt = 2;
	saved.origin = AUDIT_CONTID_ORIGIN_ADOPTED;
	scene.procs = (struct proc_list){ procs, sizeof(procs) / sizeof(*procs) };
	if (!save(&state, 4, 1) || !scene_place(&scene, &no_device, &state))
		return 2;
	puts(scene.items[2].to ? "container" : "host");
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "generations"))
		return generations(strtoul(argv[2], NULL, 10));
	if (argc == 3 && !strcmp(argv[1], "tree"))
		return put_back(strtoul(argv[2], NULL, 10));
	if (argc == 3 && !strcmp(argv[1], "entered"))
		return entered(strtoul(argv[2], NULL, 10));
	return argc == 2 && !strcmp(argv[1], "forks") ? forks() : 2;
}
