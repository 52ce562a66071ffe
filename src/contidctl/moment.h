/* SPDX-License-Identifier: GPL-2.0 */
/* A point in time, as it is typed. */
#ifndef CONTIDCTL_MOMENT_H
#define CONTIDCTL_MOMENT_H

#include <stdbool.h>
#include <stdint.h>

/* how it is explained */
#define MOMENT_HELP                                                                   \
	"  WHEN is \"YYYY-MM-DD HH:MM:SS\" in local time (T for the blank, without\n" \
	"  seconds, the date alone, the time of today alone), @SECONDS since 1970,\n" \
	"  -30m (-N with s, m, h or d: so long ago), now, today or yesterday.\n"

bool moment_parse(const char *text, bool until, uint64_t *milli);

#endif
