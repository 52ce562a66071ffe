/* SPDX-License-Identifier: GPL-2.0 */
/* Counters as Prometheus reads them from a file. */
#ifndef CONTIDCTL_OPENMETRICS_H
#define CONTIDCTL_OPENMETRICS_H

#include <json-c/json.h>

void openmetrics_print(struct json_object *stats, struct json_object *containers);

#endif
