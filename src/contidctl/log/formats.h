/* SPDX-License-Identifier: GPL-2.0 */
/* What show.c is made of: each format, and what they have in common. */
#ifndef CONTIDCTL_FORMATS_H
#define CONTIDCTL_FORMATS_H

#include "names.h"
#include "parser.h"

void show_labels(const struct event *event, struct slice *subject, struct slice *object);

void show_csv_header(void);
bool show_csv(struct parser *parser, const struct event *event, const struct record *main);
bool show_json(struct parser *parser, struct names *names, const struct event *event,
	       const struct record *main);

#endif
