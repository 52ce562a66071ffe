/* SPDX-License-Identifier: GPL-2.0 */
/* PID namespaces that began without a container ID, as the log has them. */
#ifndef CONTIDCTL_UNLABELLED_H
#define CONTIDCTL_UNLABELLED_H

#include <json-c/json.h>

#include "parser.h"

bool unlabelled_is(const struct record *record);
bool unlabelled_add(struct json_object *list, struct parser *parser, const struct event *event);
void unlabelled_print(struct json_object *list);

#endif
