/* SPDX-License-Identifier: GPL-2.0 */
/* What --json prints. */
#ifndef COMMON_JSON_H
#define COMMON_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <json-c/json.h>

void json_add(struct json_object *to, const char *name, struct json_object *value);
void json_add_number(struct json_object *to, const char *name, uint64_t value);
void json_add_known(struct json_object *to, const char *name, bool known, int64_t value);
void json_add_text(struct json_object *to, const char *name, const char *text);
bool json_is_blank(const char *text, size_t length);
void json_print(struct json_object *what);

#endif
