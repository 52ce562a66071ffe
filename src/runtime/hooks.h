/* SPDX-License-Identifier: GPL-2.0 */
/* The hooks in a container's configuration. */
#ifndef RUNTIME_HOOKS_H
#define RUNTIME_HOOKS_H

#include <stdbool.h>

#include <json-c/json.h>

#define HOOK_NAME "audit-contid-oci-hook"

const char *hooks_add(struct json_object *config, const char *program, bool *added);

#endif
