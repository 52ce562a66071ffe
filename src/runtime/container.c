// SPDX-License-Identifier: GPL-2.0
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "container.h"
#include "json_file.h"

/* Where a runtime keeps what it knows of containers, if no option says so. */
static const char *const roots[] = { "/run/runc", "/run/crun", "/run/youki" };

static const char *string_of(struct json_object *it)
{
	return json_object_is_type(it, json_type_string) ? json_object_get_string(it) : NULL;
}

/* runc: it is the last label; those before it are the container's annotations. */
static const char *bundle_in_labels(struct json_object *state)
{
	struct json_object *config = NULL, *labels = NULL;
	const char *bundle = NULL;

	if (!json_object_object_get_ex(state, "config", &config) ||
	    !json_object_object_get_ex(config, "labels", &labels) ||
	    !json_object_is_type(labels, json_type_array))
		return NULL;
	for (size_t i = 0; i < json_object_array_length(labels); i++) {
		const char *label = string_of(json_object_array_get_idx(labels, i));

		if (label && !strncmp(label, "bundle=", strlen("bundle=")))
			bundle = label + strlen("bundle=");
	}
	return bundle;
}

static struct json_object *config_by(const char *directory, const char *name)
{
	struct json_object *state = json_file_at(directory, name), *config = NULL, *bundle = NULL;
	const char *path;

	/* crun, youki */
	json_object_object_get_ex(state, "bundle", &bundle);
	path = string_of(bundle) ?: bundle_in_labels(state);
	if (path)
		config = json_file_at(path, "config.json");
	json_object_put(state);
	return config;
}

static struct json_object *config_in(const char *root, const char *id)
{
	char directory[PATH_MAX];
	struct json_object *config;

	if (snprintf(directory, sizeof(directory), "%s/%s", root, id) >= (int)sizeof(directory))
		return NULL;
	config = config_by(directory, "state.json");
	return config ?: config_by(directory, "status");
}

/**
 * container_config - find a container's configuration
 * @root: the directory of the runtime's own files; NULL for the usual ones
 * @id: what the runtime calls the container
 *
 * Return: an object, to be put; NULL if it is not known.
 */
struct json_object *container_config(const char *root, const char *id)
{
	struct json_object *config = NULL;

	if (strchr(id, '/') || *id == '.')
		return NULL;
	if (root)
		return config_in(root, id);
	for (size_t i = 0; !config && i < sizeof(roots) / sizeof(*roots); i++)
		config = config_in(roots[i], id);
	return config;
}
