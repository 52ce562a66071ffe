/* SPDX-License-Identifier: GPL-2.0 */
/* The systemd unit of an engine. */
#ifndef SETUP_UNIT_H
#define SETUP_UNIT_H

#include <stdbool.h>

#include "lines.h"

bool unit_is_there(const char *unit);
bool unit_is_active(const char *unit);
bool unit_reload(const char *unit);
bool unit_has(const char *unit, const char *word, struct line *line);

#endif
