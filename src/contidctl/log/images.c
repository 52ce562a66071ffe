// SPDX-License-Identifier: GPL-2.0
/*
 * The log has no image. The engines keep it in files, until the container is removed:
 * podman and CRI-O in one for all, Docker in one for each.
 */
#define _GNU_SOURCE /* tdestroy */
#include <glob.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <json-c/json.h>

#include "contid.h"
#include "images.h"
#include "trusted.h"

#define RUNTIME_DIGITS 64

struct image {
	char contid[CONTID_TEXT];
	char *name;
};

static int by_contid(const void *a, const void *b)
{
	const struct image *x = a, *y = b;

	return strcmp(x->contid, y->contid);
}

static void image_free(void *node)
{
	struct image *image = node;

	free(image->name);
	free(image);
}

static const char *text_of(struct json_object *object, const char *key)
{
	struct json_object *value = json_object_object_get(object, key);

	return json_object_is_type(value, json_type_string) ? json_object_get_string(value) : "";
}

static void add(struct images *images, const char *id, const char *name)
{
	struct image *image = *name ? calloc(1, sizeof(*image)) : NULL;
	struct audit_contid contid;
	struct image **node;

	if (!image || strlen(id) != RUNTIME_DIGITS || contid_parse(id, &contid)) {
		free(image);
		return;
	}
	contid_format(&contid, image->contid);
	image->name = strdup(name);
	node = image->name ? tsearch(image, &images->root, by_contid) : NULL;
	if (!node || *node != image)
		image_free(image);
}

/* The image's name is in a text of JSON within the JSON. */
static void add_storage(struct images *images, struct json_object *all)
{
	if (!json_object_is_type(all, json_type_array))
		return;
	for (size_t i = 0; i < json_object_array_length(all); i++) {
		struct json_object *container = json_object_array_get_idx(all, i), *metadata;

		if (!json_object_is_type(container, json_type_object))
			continue;
		metadata = json_tokener_parse(text_of(container, "metadata"));
		if (json_object_is_type(metadata, json_type_object))
			add(images, text_of(container, "id"), text_of(metadata, "image-name"));
		json_object_put(metadata);
	}
}

static void add_docker(struct images *images, struct json_object *container)
{
	struct json_object *config;

	if (!json_object_is_type(container, json_type_object))
		return;
	config = json_object_object_get(container, "Config");
	if (json_object_is_type(config, json_type_object))
		add(images, text_of(container, "ID"), text_of(config, "Image"));
}

static const struct {
	const char *pattern;
	void (*add)(struct images *images, struct json_object *content);
} places[] = {
	{ "/var/lib/containers/storage/*-containers/containers.json", add_storage },
	{ "/run/containers/storage/*-containers/volatile-containers.json", add_storage },
	{ "/var/lib/docker/containers/*/config.v2.json", add_docker },
};

/**
 * images_read - read what the engines keep
 * @images: out; files that others than root may have written are passed over
 */
void images_read(struct images *images)
{
	glob_t files;

	*images = (struct images){};
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		if (glob(places[i].pattern, 0, NULL, &files))
			continue;
		for (size_t f = 0; f < files.gl_pathc; f++) {
			int fd = trusted_open(files.gl_pathv[f]);
			struct json_object *content = fd < 0 ? NULL : json_object_from_fd(fd);

			if (content)
				places[i].add(images, content);
			json_object_put(content);
			if (fd >= 0)
				close(fd);
		}
		globfree(&files);
	}
}

/**
 * images_find - the image of a container
 * @images: what the engines keep
 * @contid: the container, as records have it
 *
 * Return: NULL if it is not known.
 */
const char *images_find(const struct images *images, const char *contid)
{
	struct image key;
	struct image **node;

	strcpy(key.contid, contid);
	node = tfind(&key, &images->root, by_contid);
	return node ? (*node)->name : NULL;
}

/** images_free - free what images_read() has read */
void images_free(struct images *images)
{
	tdestroy(images->root, image_free);
}
