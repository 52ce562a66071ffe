/* SPDX-License-Identifier: GPL-2.0 */
/* Events as text, as they are in the log, as CSV, as JSON, and as other programs want them. */
#ifndef CONTIDCTL_SHOW_H
#define CONTIDCTL_SHOW_H

#include "names.h"
#include "parser.h"

enum show_format { SHOW_TEXT, SHOW_RAW, SHOW_CSV, SHOW_JSON, SHOW_ECS, SHOW_OCSF };

struct show;

bool show_format_parse(const char *name, enum show_format *format);

struct show *show_new(enum show_format format, bool local_names, struct names *names);
void show_begin(const struct show *show);
bool show_event(struct show *show, const struct event *event);
void show_free(struct show *show);

#endif
