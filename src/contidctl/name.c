// SPDX-License-Identifier: GPL-2.0
/*
 * Audit knows no names. The engines keep theirs in files, also those of
 * containers that have ended but were not removed.
 */
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "contid.h"
#include "message.h"
#include "name.h"
#include "uuid5.h"

struct search {
	const char *name;
	char *id;
	unsigned int found;
};

static const char *text_of(struct json_object *object, const char *key)
{
	struct json_object *value;

	if (!json_object_object_get_ex(object, key, &value) ||
	    !json_object_is_type(value, json_type_string))
		return "";
	return json_object_get_string(value);
}

static void found(struct search *search, const char *id)
{
	if (strlen(id) != RUNTIME_ID - 1 || !strcmp(search->id, id))
		return;
	strcpy(search->id, id);
	search->found++;
}

/* An array of all containers: podman and CRI-O */
static void look_in_storage(struct search *search, struct json_object *all)
{
	struct json_object *names;

	if (!json_object_is_type(all, json_type_array))
		return;
	for (size_t i = 0; i < json_object_array_length(all); i++) {
		struct json_object *container = json_object_array_get_idx(all, i);

		if (!json_object_object_get_ex(container, "names", &names) ||
		    !json_object_is_type(names, json_type_array))
			continue;
		for (size_t n = 0; n < json_object_array_length(names); n++) {
			struct json_object *name = json_object_array_get_idx(names, n);
			const char *text = json_object_get_string(name);

			if (text && !strcmp(text, search->name))
				found(search, text_of(container, "id"));
		}
	}
}

/* A file for each container: Docker, which puts a slash before the name */
static void look_in_docker(struct search *search, struct json_object *container)
{
	const char *name = text_of(container, "Name");

	if (*name == '/' && !strcmp(name + 1, search->name))
		found(search, text_of(container, "ID"));
}

static const struct {
	const char *pattern;
	void (*look)(struct search *search, struct json_object *content);
} places[] = {
	{ "/var/lib/containers/storage/*-containers/containers.json", look_in_storage },
	{ "/run/containers/storage/*-containers/volatile-containers.json", look_in_storage },
	{ "/var/lib/docker/containers/*/config.v2.json", look_in_docker },
};

/**
 * name_derive - the ID of a container of which the runtime only has a name
 * @text: RUNTIME:NAME, of which `adopt` and the OCI hook make it
 * @id: out: as records have it
 *
 * Return: false where it is no such text.
 */
bool name_derive(const char *text, char id[RUNTIME_ID])
{
	const char *colon = strchr(text, ':');
	struct audit_contid contid;
	char *runtime;
	bool derived;

	if (!colon || colon == text || !colon[1])
		return false;
	runtime = strndup(text, colon - text);
	derived = runtime && !contid_of_name(runtime, colon + 1, &contid);
	if (derived)
		contid_format(&contid, id);
	free(runtime);
	return derived;
}

/**
 * name_find - what a container of podman, CRI-O or Docker has for an ID
 * @name: its name
 * @id: out: the engine's ID, 64 digits
 *
 * Return: false where there is not exactly one; a message has told why.
 */
bool name_find(const char *name, char id[RUNTIME_ID])
{
	struct search search = { .name = name, .id = id };

	*id = '\0';
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		glob_t files;

		if (glob(places[i].pattern, 0, NULL, &files))
			continue;
		for (size_t n = 0; n < files.gl_pathc; n++) {
			struct json_object *content = json_object_from_file(files.gl_pathv[n]);

			if (content)
				places[i].look(&search, content);
			json_object_put(content);
		}
		globfree(&files);
	}
	if (search.found == 1)
		return true;
	if (search.found)
		message("%s: more than one container has this name: tell its ID", name);
	else
		message("%s: neither an ID or the beginning of one, nor the name of a container "
			"that podman, CRI-O or Docker of root has here; `contidctl report` shows "
			"the IDs in the log",
			name);
	return false;
}
