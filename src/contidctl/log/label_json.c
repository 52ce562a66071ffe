// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "contid.h"
#include "json.h"
#include "label.h"
#include "label_json.h"

#define UUID (CONTID_TEXT - 1)

static char *copied(const char *text)
{
	return text ? strdup(text) : NULL;
}

/**
 * label_name_split - what a name says: namespace/pod, namespace/pod/name, or a name
 * @text: all of it, or NULL
 * @image: what the container was made of
 * @name: out; to be freed by label_name_free()
 */
void label_name_split(const char *text, struct image image, struct label_name *name)
{
	const char *pod = text ? strchr(text, '/') : NULL;
	const char *last = pod ? strchr(pod + 1, '/') : NULL;

	*name = (struct label_name){
		.whole = copied(text),
		.image = copied(image.name),
		.digest = copied(image.digest),
	};
	/* an empty part, or one more, is no label of Kubernetes */
	if (!pod || pod == text || !pod[1] || last == pod + 1 ||
	    (last && (!last[1] || strchr(last + 1, '/')))) {
		name->name = copied(text);
		return;
	}
	name->namespace = strndup(text, pod - text);
	name->pod = last ? strndup(pod + 1, last - pod - 1) : strdup(pod + 1);
	name->name = last ? strdup(last + 1) : NULL;
}

/**
 * label_name_find - what a container was called, what that says, and its image
 * @names: what is known so far
 * @node: the machine that it is of, see names_of()
 * @id: its ID, with what may stand behind it; of length 0 if there is none
 * @milli: when, in milliseconds since 1970
 * @name: out; to be freed by label_name_free()
 */
void label_name_find(struct names *names, struct slice node, struct slice id, uint64_t milli,
		     struct label_name *name)
{
	bool known = id.len >= UUID;
	struct image image = known ? names_image(names, node, id.at, milli) : (struct image){};

	label_name_split(known ? names_of(names, node, id.at, milli) : NULL, image, name);
}

/** label_name_free - free its strings */
void label_name_free(struct label_name *name)
{
	free(name->whole);
	free(name->namespace);
	free(name->pod);
	free(name->name);
	free(name->image);
	free(name->digest);
}

static void add_text(struct json_object *to, const char *key, const char *text)
{
	if (text)
		json_add(to, key, json_object_new_string(text));
}

/**
 * label_json - a container as an object: its ID, and what is known of its name and image
 * @id: the ID, with what may stand behind it
 * @name: what it is called
 */
struct json_object *label_json(struct slice id, const struct label_name *name)
{
	struct json_object *out = json_object_new_object();

	json_add(out, "id", json_object_new_string_len(id.at, UUID));
	add_text(out, "label", name->whole);
	add_text(out, "name", name->name);
	add_text(out, "pod", name->pod);
	add_text(out, "namespace", name->namespace);
	add_text(out, "image", name->image);
	add_text(out, "image_digest", name->digest);
	return out;
}

/**
 * label_ancestors - the containers that enclose one, as an array, nearest first
 * @label: as the record has it
 *
 * The last one is null if the record had no room for it and those around it.
 */
struct json_object *label_ancestors(struct slice label)
{
	struct json_object *out = json_object_new_array();
	const char *at, *end;

	if (!label.len)
		return out;
	end = label.at + label.len;
	for (at = label.at + UUID; end - at >= UUID + 2; at += UUID + 2)
		json_object_array_add(out, json_object_new_string_len(at + 2, UUID));
	if (end[-1] == '?')
		json_object_array_add(out, NULL);
	return out;
}

/**
 * label_list - the containers that a packet has come to, as an array
 * @list: as the record has it
 *
 * The last one is null if there may be others.
 */
struct json_object *label_list(struct slice list)
{
	struct json_object *out = json_object_new_array();
	struct slice label;

	while (label_next(&list, &label))
		json_object_array_add(out, json_object_new_string_len(label.at, label.len));
	if (list.len)
		json_object_array_add(out, NULL);
	return out;
}
