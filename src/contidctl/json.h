/* SPDX-License-Identifier: GPL-2.0 */
/* What --json prints. */
#ifndef CONTIDCTL_JSON_H
#define CONTIDCTL_JSON_H

#include <stdint.h>

#include <json-c/json.h>

void json_add(struct json_object *to, const char *name, struct json_object *value);
void json_add_number(struct json_object *to, const char *name, uint64_t value);
void json_print(struct json_object *what);

#endif
