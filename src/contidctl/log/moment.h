/* SPDX-License-Identifier: GPL-2.0 */
/* A point in time, as it is typed. */
#ifndef CONTIDCTL_MOMENT_H
#define CONTIDCTL_MOMENT_H

#include <stdbool.h>
#include <stdint.h>

#define MOMENT_TEXT 48

/* how it is explained */
#define MOMENT_HELP                                                                         \
	"  WHEN is \"YYYY-MM-DD HH:MM:SS.SSS\" in local time (T for the blank, without\n"   \
	"  the fraction or the seconds, the date alone, the time of today alone); an\n"     \
	"  offset may follow (Z, +01:00). Or it is YYYYMMDDTHHMMSS, MM/DD/YYYY HH:MM:SS,\n" \
	"  @SECONDS.SSS since 1970 as in the log, -30m (-N with s, m, h or d: so long\n"    \
	"  ago), or one of now, recent (ten minutes ago), boot, today, yesterday,\n"        \
	"  week-ago, this-week, this-month, this-year. An hour that the clock shows\n"      \
	"  twice begins with the first and ends with the second.\n"

bool moment_parse(const char *text, bool until, uint64_t *milli);
void moment_utc(uint64_t milli, char text[MOMENT_TEXT]);
void moment_format(uint64_t milli, char text[MOMENT_TEXT]);

#endif
