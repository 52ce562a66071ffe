// SPDX-License-Identifier: GPL-2.0
/*
 * What adoption reads: /proc/PID/cgroup, stat and status, and the files in which
 * engines keep names. Some of it is static in there.
 */
#include "../../src/contidctl/running/proc.c"
/* it comes first, as it asks for all of libc */
#include "../../src/contidctl/log/name.c"
#include "../../src/common/engine_files.c"

#include "contid.h"
#include "found.h"
#include "harness.h"

static void look_at_cgroup(char *text)
{
	const char *path = cgroup_of(text).path;
	struct cgroup_name name;
	size_t at = 0;
	char id[CONTID_TEXT];

	while (cgroup_next(path, at, &name)) {
		must(name.end > at && name.end <= strlen(path));
		must(!path[name.end] || path[name.end] == '/');
		must(strlen(name.name) <= NAME_MAX && name.runtime);
		if (!name.monitor) {
			contid_format(&name.contid, id);
			must(strspn(id, "0-") < CONTID_TEXT - 1);
		}
		at = name.end;
	}
}

/* Containers by all the lines' paths, each of which is a process's. */
static void look_at_processes(const char *text)
{
	struct proc procs[16] = {};
	struct proc_list list = { .items = procs };
	struct found_list found = { .host = { 1, 1 }, .self = { 1, 1 } };
	const char *line = text;

	for (; *line && list.count < 16; line += !!*line) {
		struct proc *proc = &procs[list.count++];
		size_t len = strcspn(line, "\n");

		proc->pid = list.count;
		proc->parent = len % 17;
		proc->start = len % 5;
		proc->mnt = (struct mount_ns){ 1, 1 + len % 4 };
		proc->first = len % 3 == 0;
		proc->depth = 1 + len % 2;
		proc->is_runtime = len % 7 == 0;
		proc->is_powerful = len % 2;
		proc->hierarchy = strdup(len % 2 ? "" : "name=systemd");
		proc->cgroup = strndup(line, len);
		line += len;
	}
	/* a second look finds the same */
	for (int i = 0; i < 2; i++) {
		must(found_list_update(&found, &list));
		must(found.count <= 4096);
	}
	for (size_t i = 0; i < list.count; i++) {
		struct found *target = found_innermost(&found, &procs[i]);

		if (target)
			must(found_target(&found, &procs[i], target->level) == target);
	}
	found_list_free(&found);
	for (size_t i = 0; i < list.count; i++)
		proc_free(&procs[i]);
}

static void look_at_stat(const char *text)
{
	struct process_stat stat;
	struct proc proc = {};

	if (process_stat_parse(&stat, text))
		must(is_tame(stat.name, strlen(stat.name)));
	take_status(&proc, text);
}

static bool take_one(void *data, const struct engine_container *container)
{
	size_t *left = data;

	must(container->engine && *container->name && strlen(container->id) == RUNTIME_ID - 1);
	must(container->image && container->digest);
	return --*left;
}

/* As the whole of such a file. */
static void look_at_names(const char *text)
{
	struct json_object *content = json_tokener_parse(text);

	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		size_t left = 8;
		struct look look = { .id = "", .take = take_one, .data = &left };

		places[i].look(&look, content);
		must(look.ended == !left);
	}
	json_object_put(content);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = input_text(data, size);

	look_at_stat(text);
	look_at_names(text);
	look_at_processes(text);
	look_at_cgroup(text);
	free(text);
	return 0;
}
