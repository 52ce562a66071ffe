// SPDX-License-Identifier: GPL-2.0
/*
 * The engines keep the names of their containers in files, also of those that have ended
 * but were not removed. Only a file that nobody but root can have written is believed.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <glob.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <json-c/json.h>

#include "engine_dirs.h"
#include "engine_files.h"
#include "message.h"
#include "trusted.h"

/* podman's has a thousand containers in each MiB. */
#define SIZE_MAX_BYTES (64 << 20)

/**
 * struct look - a way through the files
 * @id: how the IDs begin that are asked for
 * @take: gets what has one
 * @data: for it
 * @ended: it wants no more
 */
struct look {
	const char *id;
	engine_files_take *take;
	void *data;
	bool ended;
};

/* "" if it is not there, is no text, or would be cut short by a NUL in it. */
static const char *text_of(struct json_object *object, const char *key)
{
	struct json_object *value;
	const char *text;

	if (!json_object_object_get_ex(object, key, &value) ||
	    !json_object_is_type(value, json_type_string))
		return "";
	text = json_object_get_string(value);
	return strlen(text) == (size_t)json_object_get_string_len(value) ? text : "";
}

static void found(struct look *look, const struct engine_container *container)
{
	if (!look->ended && *container->name && strlen(container->id) == RUNTIME_ID - 1 &&
	    !strncmp(container->id, look->id, strlen(look->id)))
		look->ended = !look->take(look->data, container);
}

/* What podman and CRI-O say of a container to the storage, which keeps it as a text. */
static struct json_object *metadata_of(struct json_object *container)
{
	struct json_object *metadata = json_tokener_parse(text_of(container, "metadata"));

	if (json_object_is_type(metadata, json_type_object))
		return metadata;
	json_object_put(metadata);
	return NULL;
}

static void take_stored(struct look *look, struct json_object *stored)
{
	struct engine_container container = { .id = text_of(stored, "id") };
	struct json_object *names, *metadata;

	if (strncmp(container.id, look->id, strlen(look->id)) ||
	    !json_object_object_get_ex(stored, "names", &names) ||
	    !json_object_is_type(names, json_type_array))
		return;
	metadata = metadata_of(stored);
	container.engine = *text_of(metadata, "pod-name") ? "cri-o" : "podman";
	container.image = text_of(metadata, "image-name");
	container.digest = text_of(stored, "image");
	for (size_t i = 0; i < json_object_array_length(names); i++) {
		struct json_object *name = json_object_array_get_idx(names, i);

		if (!json_object_is_type(name, json_type_string))
			continue;
		container.name = json_object_get_string(name);
		if (strlen(container.name) == (size_t)json_object_get_string_len(name))
			found(look, &container);
	}
	json_object_put(metadata);
}

/* An array of all containers: podman and CRI-O */
static void look_in_storage(struct look *look, struct json_object *all)
{
	if (!json_object_is_type(all, json_type_array))
		return;
	for (size_t i = 0; i < json_object_array_length(all) && !look->ended; i++)
		take_stored(look, json_object_array_get_idx(all, i));
}

/* A file for each container: Docker, which puts a slash before the name */
static void look_in_docker(struct look *look, struct json_object *of)
{
	struct engine_container container = { .engine = "docker" };
	struct json_object *config = NULL;

	json_object_object_get_ex(of, "Config", &config);
	container.id = text_of(of, "ID");
	container.name = text_of(of, "Name");
	container.image = text_of(config, "Image");
	container.digest = text_of(of, "Image");
	if (*container.name++ == '/')
		found(look, &container);
}

/* podman and CRI-O share one storage; containerd keeps names where none is read here. */
static const struct {
	const char *engines;
	size_t dir; /* in struct engine_dirs */
	const char *pattern; /* in there; it gets the beginning of the ID */
	void (*look)(struct look *look, struct json_object *content);
} places[] = {
	{ "podman cri-o", offsetof(struct engine_dirs, graph), "/*-containers/containers.json",
	  look_in_storage },
	{ "podman cri-o", offsetof(struct engine_dirs, run),
	  "/*-containers/volatile-containers.json", look_in_storage },
	{ "docker", offsetof(struct engine_dirs, docker), "/containers/%s*/config.v2.json",
	  look_in_docker },
};

static struct json_object *read_file(const char *path)
{
	struct json_object *content = NULL;
	int fd = trusted_open(path);
	struct stat stat;

	if (fd < 0) {
		if (errno == EPERM)
			message("%s: others than root may have written it: it was passed over",
				path);
		return NULL;
	}
	if (!fstat(fd, &stat) && stat.st_size <= SIZE_MAX_BYTES)
		content = json_object_from_fd(fd);
	close(fd);
	return content;
}

static void look_at(const char *pattern, void (*at)(struct look *, struct json_object *),
		    struct look *look)
{
	glob_t files;

	if (glob(pattern, 0, NULL, &files))
		return;
	for (size_t i = 0; i < files.gl_pathc && !look->ended; i++) {
		struct json_object *content = read_file(files.gl_pathv[i]);

		if (content)
			at(look, content);
		json_object_put(content);
	}
	globfree(&files);
}

/**
 * engine_files_each - go through the containers that engines have files of
 * @engine: podman, cri-o or docker alone; NULL for all of them
 * @id: the beginning of their IDs, "" for all; no engine has what is not of hexadecimal digits
 * @take: gets each name of each
 * @data: for it
 */
void engine_files_each(const char *engine, const char *id, engine_files_take *take, void *data)
{
	struct look look = { .id = id, .take = take, .data = data };
	char pattern[ENGINE_DIR + 160];
	struct engine_dirs dirs;

	/* it becomes a part of a path */
	if (strlen(id) >= RUNTIME_ID || strspn(id, "0123456789abcdef") != strlen(id))
		return;
	engine_dirs_read(&dirs);
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		const char *dir = (const char *)&dirs + places[i].dir;
		size_t length = strlen(dir);

		if (engine && !strstr(places[i].engines, engine))
			continue;
		memcpy(pattern, dir, length);
		/* a pattern without %s takes none */
		snprintf(pattern + length, sizeof(pattern) - length, places[i].pattern, id);
		look_at(pattern, places[i].look, &look);
	}
}
