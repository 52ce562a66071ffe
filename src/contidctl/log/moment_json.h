/* SPDX-License-Identifier: GPL-2.0 */
/* A point in time, as --json has it. */
#ifndef CONTIDCTL_MOMENT_JSON_H
#define CONTIDCTL_MOMENT_JSON_H

#include "json.h"

void json_add_moment(struct json_object *to, const char *name, const char *number, uint64_t milli);

#endif
