/* SPDX-License-Identifier: GPL-2.0 */
/* Events as text, as they are in the log, as CSV, as JSON. */
#ifndef CONTIDCTL_SHOW_H
#define CONTIDCTL_SHOW_H

#include "parser.h"

enum show_format { SHOW_TEXT, SHOW_RAW, SHOW_CSV, SHOW_JSON };

bool show_format_parse(const char *name, enum show_format *format);

void show_begin(enum show_format format);
bool show_event(enum show_format format, struct parser *parser, const struct event *event);

#endif
