/* SPDX-License-Identifier: GPL-2.0 */
/* A file of an engine's or a runtime's, as JSON that is only read. */
#ifndef RUNTIME_JSON_FILE_H
#define RUNTIME_JSON_FILE_H

#include <json-c/json.h>

struct json_object *json_file_read(int fd);
struct json_object *json_file_at(const char *directory, const char *name);

#endif
