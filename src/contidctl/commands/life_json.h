/* SPDX-License-Identifier: GPL-2.0 */
/* A container's life as report prints it for programs. */
#ifndef CONTIDCTL_LIFE_JSON_H
#define CONTIDCTL_LIFE_JSON_H

#include <json-c/json.h>

#include "names.h"
#include "tally.h"

struct json_object *life_json(const struct life *life, struct names *names, const uint64_t *lost);

#endif
