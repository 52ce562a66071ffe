/* SPDX-License-Identifier: GPL-2.0 */
/* What records say of a container, for programs: its name's parts, and the IDs around its own. */
#ifndef CONTIDCTL_LABEL_JSON_H
#define CONTIDCTL_LABEL_JSON_H

#include <json-c/json.h>

#include "names.h"

/* of what src/man/audit_contid_json.5 describes */
#define JSON_SCHEMA 1

/**
 * struct label_name - what a container's name says
 * @whole: all of it, as it may be shown; NULL if there is none
 * @namespace: of Kubernetes, NULL if it is no name of that
 * @pod: likewise
 * @name: the container's name; NULL for the container of a pod that holds its namespaces
 * @image: what it was made of, as it may be shown; NULL if that is not known
 * @digest: likewise, as the engine knows it by what is in it
 */
struct label_name {
	char *whole;
	char *namespace;
	char *pod;
	char *name;
	char *image;
	char *digest;
};

void label_name_split(const char *text, struct image image, struct label_name *name);
void label_name_find(struct names *names, struct slice node, struct slice id, uint64_t milli,
		     struct label_name *name);
void label_name_free(struct label_name *name);

struct json_object *label_json(struct slice id, const struct label_name *name);
struct json_object *label_ancestors(struct slice label);
struct json_object *label_list(struct slice list);

#endif
