/* SPDX-License-Identifier: GPL-2.0 */
/* A live container as JSON. */
#ifndef CONTIDCTL_CONTAINER_JSON_H
#define CONTIDCTL_CONTAINER_JSON_H

#include <stdbool.h>
#include <stdint.h>

#include <json-c/json.h>
#include <linux/audit_contid.h>

#include "live.h"

extern const char *const container_namespaces[AUDIT_CONTID_NS_COUNT];

bool container_device_is_known(const struct audit_contid_container *c);
struct json_object *contid_json(const struct audit_contid *contid);
struct json_object *container_json(const struct audit_contid_container *c, const char *label);
bool container_json_label(struct json_object *from, char label[LABEL_TEXT]);

#endif
