/* SPDX-License-Identifier: GPL-2.0 */
/* The processes of a container, as tree prints them for programs. */
#ifndef CONTIDCTL_TREE_JSON_H
#define CONTIDCTL_TREE_JSON_H

#include <json-c/json.h>

#include "family.h"

const char *tree_how(const struct member *member);
const char *tree_end(const struct member *member);
struct json_object *tree_json(const struct member *member, size_t id, const size_t *parent,
			      size_t depth);

#endif
