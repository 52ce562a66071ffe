// SPDX-License-Identifier: GPL-2.0
#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include "moment.h"

/**
 * moment_utc - write a point in time as ISO 8601 has it, in UTC, for programs
 * @milli: milliseconds since 1970
 * @text: out: moment_parse() understands it
 */
void moment_utc(uint64_t milli, char text[MOMENT_TEXT])
{
	time_t sec = milli / 1000;
	unsigned int rest = milli % 1000;
	char when[MOMENT_TEXT / 2];
	struct tm tm;

	if (gmtime_r(&sec, &tm) && strftime(when, sizeof(when), "%FT%T", &tm))
		snprintf(text, MOMENT_TEXT, "%s.%03uZ", when, rest);
	else
		snprintf(text, MOMENT_TEXT, "%" PRIu64 ".%03u", milli / 1000, rest);
}
