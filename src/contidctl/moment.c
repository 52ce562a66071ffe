// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE /* strptime */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "moment.h"

#define DAY (24 * 60 * 60)

/**
 * struct form - a way to write it
 * @format: for strptime()
 * @dated: with a date, else it is of today
 * @span: so many seconds are meant by it, of which --until takes the last
 */
static const struct form {
	const char *format;
	bool dated;
	int span;
} forms[] = {
	{ "%Y-%m-%d %H:%M:%S", true, 1 }, { "%Y-%m-%dT%H:%M:%S", true, 1 },
	{ "%Y-%m-%d %H:%M", true, 60 },	  { "%Y-%m-%dT%H:%M", true, 60 },
	{ "%Y-%m-%d", true, DAY },	  { "%H:%M:%S", false, 1 },
	{ "%H:%M", false, 60 },
};

static uint64_t midnight(int days)
{
	time_t now = time(NULL);
	struct tm tm;

	localtime_r(&now, &tm);
	tm.tm_hour = tm.tm_min = tm.tm_sec = 0;
	tm.tm_mday += days;
	tm.tm_isdst = -1;
	return mktime(&tm);
}

static bool parse_ago(const char *text, uint64_t *sec)
{
	static const char units[] = "smhd";
	static const int factor[] = { 1, 60, 60 * 60, DAY };
	unsigned long count;
	const char *unit;
	char *end;

	if (!isdigit((unsigned char)*text))
		return false;
	count = strtoul(text, &end, 10);
	unit = *end ? strchr(units, *end) : NULL;
	if (!unit || end[1] || count > 100000000)
		return false;
	count *= factor[unit - units];
	*sec = time(NULL);
	*sec = count < *sec ? *sec - count : 0;
	return true;
}

static bool parse_form(const char *text, bool until, uint64_t *milli)
{
	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
		const struct form *form = &forms[i];
		time_t now = time(NULL);
		struct tm tm = {};
		const char *end;

		if (!form->dated)
			localtime_r(&now, &tm);
		tm.tm_sec = 0;
		end = strptime(text, form->format, &tm);
		if (!end || *end)
			continue;
		tm.tm_isdst = -1;
		if (until && form->span == DAY)
			tm.tm_mday++;
		now = mktime(&tm);
		if (now < 0)
			return false;
		*milli = now * 1000ULL;
		if (until)
			*milli += (form->span == DAY ? 0 : form->span * 1000ULL) - 1;
		return true;
	}
	return false;
}

/**
 * moment_parse - read it
 * @text: as MOMENT_HELP explains
 * @until: the end of the second, minute or day that is named, not its begin
 * @milli: out: milliseconds since 1970
 */
bool moment_parse(const char *text, bool until, uint64_t *milli)
{
	uint64_t sec;
	char *end;

	if (*text == '@' && isdigit((unsigned char)text[1])) {
		sec = strtoull(text + 1, &end, 10);
		*milli = sec * 1000;
		if (*end == '.' && strspn(end + 1, "0123456789") == 3 && !end[4]) {
			*milli += strtoul(end + 1, NULL, 10);
			return true;
		}
		*milli += until ? 999 : 0;
		return !*end && sec < 1ULL << 50;
	}
	if (*text == '-') {
		if (!parse_ago(text + 1, &sec))
			return false;
	} else if (!strcmp(text, "now")) {
		sec = time(NULL);
	} else if (!strcmp(text, "today")) {
		sec = midnight(until ? 1 : 0);
	} else if (!strcmp(text, "yesterday")) {
		sec = midnight(until ? 0 : -1);
	} else {
		return parse_form(text, until, milli);
	}
	*milli = sec * 1000;
	if (until)
		*milli += *text == 't' || *text == 'y' ? -1 : 999;
	return true;
}
