/* SPDX-License-Identifier: GPL-2.0 */
/* JSON of others that is to be written again, with nothing lost. */
#ifndef COMMON_EXACT_H
#define COMMON_EXACT_H

#include <stddef.h>

#include <json-c/json.h>

const char *exact_parse(const char *text, size_t length, struct json_object **object);

#endif
