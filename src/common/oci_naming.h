/* SPDX-License-Identifier: GPL-2.0 */
/* What a container is called, as far as its runtime's state or its engine says so. */
#ifndef COMMON_OCI_NAMING_H
#define COMMON_OCI_NAMING_H

#include <json-c/json.h>

#include "naming.h"

void oci_naming(struct naming *naming, struct json_object *state, const char *id);

#endif
