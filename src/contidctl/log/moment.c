// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE /* timegm */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "moment.h"

#define DAY (24 * 60 * 60)

#define SHORT_DATE 8 /* digits without dashes */
#define RECENT	   (10 * 60) /* seconds, as ausearch has it */

/* The last second of the year 9999: what is later is a slip of the finger. */
#define LAST_SECOND 253402300799LL

/**
 * struct clock - a time as it was typed
 * @tm: the date and the time
 * @span: so many milliseconds are meant, of which --until takes the last
 * @milli: of the fraction, rounded down
 * @more: the fraction is longer than that
 * @zoned: an offset was given
 * @offset: in seconds east of UTC
 */
struct clock {
	struct tm tm;
	long span;
	unsigned int milli;
	bool more;
	bool zoned;
	int offset;
};

/* So many digits, no fewer and no more: a number of at most @most. */
static bool digits(const char **at, int count, int most, int *out)
{
	*out = 0;
	for (int i = 0; i < count; i++, (*at)++) {
		if (!isdigit((unsigned char)**at))
			return false;
		*out = *out * 10 + (**at - '0');
	}
	return !isdigit((unsigned char)**at) && *out <= most;
}

static bool skip(const char **at, char c)
{
	if (**at != c)
		return false;
	(*at)++;
	return true;
}

static int days_in(int month, int year)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return month == 2 && leap ? 29 : days[month - 1];
}

static bool set_date(struct clock *clock, int year, int month, int day)
{
	if (year < 1970 || month < 1 || month > 12 || day < 1 || day > days_in(month, year))
		return false;
	clock->tm.tm_year = year - 1900;
	clock->tm.tm_mon = month - 1;
	clock->tm.tm_mday = day;
	clock->span = DAY * 1000L;
	return true;
}

/* 2026-11-25 */
static bool parse_date(const char **at, struct clock *clock)
{
	int year, month, day;

	return digits(at, 4, 9999, &year) && skip(at, '-') && digits(at, 2, 12, &month) &&
	       skip(at, '-') && digits(at, 2, 31, &day) && set_date(clock, year, month, day);
}

/* 20261125 */
static bool parse_short_date(const char **at, struct clock *clock)
{
	int number = atoi(*at);

	*at += SHORT_DATE;
	return set_date(clock, number / 10000, number / 100 % 100, number % 100);
}

static bool few_digits(const char **at, int most, int *out)
{
	int count = strspn(*at, "0123456789");

	return count >= 1 && count <= 2 && digits(at, count, most, out);
}

/* 11/25/2026 or 11/25/26, as ausearch has it in the United States and without a locale */
static bool parse_slashes(const char **at, struct clock *clock)
{
	int year, month, day;

	if (!few_digits(at, 12, &month) || !skip(at, '/') || !few_digits(at, 31, &day) ||
	    !skip(at, '/'))
		return false;
	if (strspn(*at, "0123456789") != 2)
		return digits(at, 4, 9999, &year) && set_date(clock, year, month, day);
	return digits(at, 2, 99, &year) &&
	       set_date(clock, year + (year < 70 ? 2000 : 1900), month, day);
}

static bool parse_fraction(const char **at, struct clock *clock)
{
	unsigned int scale = 100;

	if (!isdigit((unsigned char)**at))
		return false;
	for (; isdigit((unsigned char)**at); (*at)++) {
		clock->milli += (**at - '0') * scale;
		clock->more |= !scale && **at != '0';
		scale /= 10;
	}
	clock->span = 1;
	return true;
}

/* 1000 or 100000: no colon, and so an even number of digits each */
static bool parse_short_time(const char **at, int count, struct clock *clock)
{
	int number = atoi(*at);

	clock->span = count == 4 ? 60 * 1000 : 1000;
	if (count == 4)
		number *= 100;
	*at += count;
	clock->tm.tm_hour = number / 10000;
	clock->tm.tm_min = number / 100 % 100;
	clock->tm.tm_sec = number % 100;
	return clock->tm.tm_hour <= 23 && clock->tm.tm_min <= 59 && clock->tm.tm_sec <= 59;
}

static bool parse_time(const char **at, struct clock *clock)
{
	int count = strspn(*at, "0123456789");

	if (count == 4 || count == 6) {
		if (!parse_short_time(at, count, clock))
			return false;
	} else {
		if (!digits(at, 2, 23, &clock->tm.tm_hour) || !skip(at, ':') ||
		    !digits(at, 2, 59, &clock->tm.tm_min))
			return false;
		clock->span = 60 * 1000;
		if (!skip(at, ':'))
			return true;
		clock->span = 1000;
		if (!digits(at, 2, 59, &clock->tm.tm_sec))
			return false;
	}
	if (clock->span == 1000 && (skip(at, '.') || skip(at, ',')))
		return parse_fraction(at, clock);
	return true;
}

/* Z, +01, +0100 or +01:00 */
static bool parse_zone(const char **at, struct clock *clock)
{
	int hours, minutes = 0, sign;
	const char *colon;

	skip(at, ' ');
	clock->zoned = true;
	if (skip(at, 'Z') || skip(at, 'z'))
		return true;
	sign = **at == '-' ? -1 : 1;
	if (!skip(at, '+') && !skip(at, '-'))
		return false;
	colon = *at + 2;
	if (strspn(*at, "0123456789") == 4) {
		hours = ((*at)[0] - '0') * 10 + (*at)[1] - '0';
		*at += 2;
		if (hours > 14 || !digits(at, 2, 59, &minutes))
			return false;
	} else if (!digits(at, 2, 14, &hours) ||
		   (at[0] == colon && skip(at, ':') && !digits(at, 2, 59, &minutes))) {
		return false;
	}
	clock->offset = sign * (hours * 60 + minutes) * 60;
	return true;
}

/* How far local time is ahead of UTC at a moment */
static long offset_at(time_t sec)
{
	struct tm tm;

	return localtime_r(&sec, &tm) ? tm.tm_gmtoff : 0;
}

/*
 * A time that a clock shows twice is meant to be the first of the two by --since,
 * and the second by --until; one that it skips is taken by the same rule.
 */
static time_t local_time(struct tm *tm, bool until)
{
	time_t utc = timegm(tm);
	time_t a = utc - offset_at(utc - DAY), b = utc - offset_at(utc + DAY);
	bool a_is_it = a + offset_at(a) == utc, b_is_it = b + offset_at(b) == utc;

	if (a_is_it != b_is_it)
		return a_is_it ? a : b;
	return (a < b) == until ? b : a;
}

static bool to_milli(struct clock *clock, bool until, uint64_t *milli)
{
	long long sec;

	if (until && clock->span == DAY * 1000L) {
		clock->tm.tm_mday++;
		clock->span = 0;
	}
	if (clock->zoned)
		sec = (long long)timegm(&clock->tm) - clock->offset;
	else
		sec = local_time(&clock->tm, until);
	if (sec < 0)
		return false;
	*milli = sec * 1000ULL + clock->milli;
	if (until)
		*milli += clock->span - 1;
	else
		*milli += clock->more;
	return true;
}

static void today(struct clock *clock)
{
	time_t now = time(NULL);
	struct tm tm;

	localtime_r(&now, &tm);
	clock->tm = (struct tm){
		.tm_year = tm.tm_year,
		.tm_mon = tm.tm_mon,
		.tm_mday = tm.tm_mday,
		.tm_wday = tm.tm_wday,
	};
	clock->span = DAY * 1000L;
}

/* Which form of a date the text begins with; NULL if it begins with a time. */
static bool (*date_form(const char *text))(const char **at, struct clock *clock)
{
	size_t count = strspn(text, "0123456789");

	if (count == 4 && text[count] == '-')
		return parse_date;
	if (count && count <= 2 && text[count] == '/')
		return parse_slashes;
	return count == SHORT_DATE ? parse_short_date : NULL;
}

static bool parse_clock(const char *text, bool until, uint64_t *milli)
{
	struct clock clock = {};

	bool (*date)(const char **at, struct clock *clock) = date_form(text);

	if (date) {
		if (!date(&text, &clock))
			return false;
		if (!*text)
			return to_milli(&clock, until, milli);
		if (!skip(&text, ' ') && !skip(&text, 'T') && !skip(&text, 't'))
			return false;
	} else {
		today(&clock);
	}
	if (!parse_time(&text, &clock) || (*text && !parse_zone(&text, &clock)) || *text)
		return false;
	return to_milli(&clock, until, milli);
}

static bool parse_ago(const char *text, uint64_t *milli)
{
	static const char units[] = "smhd";
	static const int factor[] = { 1, 60, 60 * 60, DAY };
	unsigned long long count, now = time(NULL);
	const char *unit;
	char *end;

	if (!isdigit((unsigned char)*text))
		return false;
	count = strtoull(text, &end, 10);
	unit = *end ? strchr(units, *end) : NULL;
	if (!unit || end[1] || count > 100000000)
		return false;
	count *= factor[unit - units];
	*milli = (count < now ? now - count : 0) * 1000;
	return true;
}

/* Seconds since 1970, as each record has them */
static bool parse_epoch(const char *text, bool until, uint64_t *milli)
{
	struct clock clock = { .span = 1000 };
	long long sec = 0;

	if (!isdigit((unsigned char)*text))
		return false;
	for (; isdigit((unsigned char)*text); text++) {
		sec = sec * 10 + (*text - '0');
		if (sec > LAST_SECOND)
			return false;
	}
	if ((skip(&text, '.') && !parse_fraction(&text, &clock)) || *text)
		return false;
	*milli = sec * 1000 + clock.milli;
	*milli += until ? clock.span - 1 : clock.more;
	return true;
}

/* The days that have a name. Those of --until end with the last of them. */
static const struct {
	const char *name;
	int back; /* so many days before today it begins */
	enum { DAYS, WEEK, MONTH, YEAR } from; /* or with this one */
	int days, months, years; /* so long it is */
} periods[] = {
	{ "today", .days = 1 },
	{ "yesterday", .back = 1, .days = 1 },
	{ "week-ago", .back = 7, .days = 1 },
	{ "this-week", .from = WEEK, .days = 7 },
	{ "this-month", .from = MONTH, .months = 1 },
	{ "this-year", .from = YEAR, .years = 1 },
};

#define PERIODS (sizeof(periods) / sizeof(*periods))

static bool parse_period(const char *text, bool until, uint64_t *milli)
{
	struct clock clock = {};
	struct tm *tm = &clock.tm;
	size_t i = 0;

	while (i < PERIODS && strcmp(text, periods[i].name))
		i++;
	if (i == PERIODS)
		return false;
	today(&clock);
	tm->tm_mday -= periods[i].back;
	if (periods[i].from == WEEK)
		tm->tm_mday -= tm->tm_wday;
	if (periods[i].from >= MONTH)
		tm->tm_mday = 1;
	if (periods[i].from == YEAR)
		tm->tm_mon = 0;
	if (until) {
		tm->tm_mday += periods[i].days;
		tm->tm_mon += periods[i].months;
		tm->tm_year += periods[i].years;
		clock.span = 0;
	}
	return to_milli(&clock, until, milli);
}

/* When the machine has booted, as the kernel has it now. */
static bool boot_second(uint64_t *sec)
{
	FILE *stat = fopen("/proc/stat", "re");
	char line[256];
	bool found = false;

	while (stat && !found && fgets(line, sizeof(line), stat))
		found = sscanf(line, "btime %" SCNu64, sec) == 1;
	if (stat)
		fclose(stat);
	return found;
}

/* 1795600000.010 can be nothing else: no year has as many digits. */
static bool is_epoch(const char *text)
{
	return strspn(text, "0123456789") >= 9;
}

/**
 * moment_parse - read a point in time
 * @text: as MOMENT_HELP explains
 * @until: the end of the second, minute or day that is named, not its begin
 * @milli: out: milliseconds since 1970
 *
 * Return: false if it is none, or is a date that no calendar has.
 */
bool moment_parse(const char *text, bool until, uint64_t *milli)
{
	if (*text == '@' || is_epoch(text))
		return parse_epoch(text + (*text == '@'), until, milli);
	if (parse_period(text, until, milli))
		return true;
	if (*text == '-') {
		if (!parse_ago(text + 1, milli))
			return false;
	} else if (!strcmp(text, "now")) {
		*milli = time(NULL) * 1000ULL;
	} else if (!strcmp(text, "recent")) {
		*milli = (time(NULL) - RECENT) * 1000ULL;
	} else if (!strcmp(text, "boot")) {
		if (!boot_second(milli))
			return false;
		*milli *= 1000;
	} else {
		return parse_clock(text, until, milli);
	}
	*milli += until ? 999 : 0;
	return true;
}

/**
 * moment_format - write a point in time, with the zone, for people
 * @milli: milliseconds since 1970
 * @text: out: moment_parse() understands it
 */
void moment_format(uint64_t milli, char text[MOMENT_TEXT])
{
	/* a log has many records of one second */
	static char when[32], zone[8];
	static time_t last = -1;
	time_t sec = milli / 1000;
	unsigned int rest = milli % 1000;
	struct tm tm;

	if (sec != last &&
	    (!localtime_r(&sec, &tm) || !strftime(when, sizeof(when), "%F %T", &tm) ||
	     !strftime(zone, sizeof(zone), "%z", &tm))) {
		last = -1;
		snprintf(text, MOMENT_TEXT, "@%" PRIu64 ".%03u", milli / 1000, rest);
		return;
	}
	last = sec;
	snprintf(text, MOMENT_TEXT, "%s.%03u %s", when, rest, zone);
}
