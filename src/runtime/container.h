/* SPDX-License-Identifier: GPL-2.0 */
/* A container that runs, as the runtime's own files have it. */
#ifndef RUNTIME_CONTAINER_H
#define RUNTIME_CONTAINER_H

#include <json-c/json.h>

struct json_object *container_config(const char *root, const char *id);

#endif
