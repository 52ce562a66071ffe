// SPDX-License-Identifier: GPL-2.0
/*
 * In its ENRICHED format auditd prints the path of a local socket's address as it
 * is, newlines included, and so what an address of AX.25 or X.25 has. Any process that may
 * connect, or send a user message that has a field saddr=, so puts lines of its own choice
 * into the log.
 *
 * The record itself has the address in hexadecimal digits. So the bytes behind
 * the newline are known, and a line that has these very bytes is no record.
 */
#define _GNU_SOURCE /* memmem */
#include <string.h>

#include "injected.h"

#define ADDRESS "saddr="
#define OPEN	"SADDR={"
#define CLOSED	" }"

/* auditd prints so much of a path; before 3.0 all of it */
#define CUT	  108
#define PATH_MOST 8192

/**
 * struct printed - an address, as auditd prints it
 * @label: stands before it
 * @len: of @text
 * @cut: auditd may print so much of it and no more
 * @is_bare: it had a NUL, with which what auditd prints ends: no brace is behind it
 * @text: its bytes, up to a NUL
 */
struct printed {
	const char *label;
	size_t len, cut;
	bool is_bare;
	char text[PATH_MOST];
};

/*
 * The families of which auditd prints bytes as they are. The first two bytes are the
 * family, of either byte order.
 */
static bool read_family(const char *hex, struct printed *printed)
{
	static const struct {
		char number[5], swapped[5];
		const char *label;
		size_t cut;
	} families[] = {
		{ "0100", "0001", "path=", CUT },
		{ "0300", "0003", "call=", 7 }, /* AX.25 */
		{ "0900", "0009", "laddr=", 15 }, /* X.25 */
	};

	for (size_t i = 0; i < sizeof(families) / sizeof(*families); i++) {
		if (memcmp(hex, families[i].number, 4) && memcmp(hex, families[i].swapped, 4))
			continue;
		printed->label = families[i].label;
		printed->cut = families[i].cut;
		return true;
	}
	return false;
}

/* Return: false for an address that breaks no line. */
static bool decode(const char *hex, const char *end, struct printed *printed)
{
	if (end - hex < 6 || !read_family(hex, printed))
		return false;
	hex += 4;
	/* the name of an abstract socket begins with a NUL */
	if (printed->cut == CUT && !memcmp(hex, "00", 2))
		hex += 2;
	printed->len = 0;
	for (; hex < end && printed->len < PATH_MOST; hex += 2) {
		int high = hex_digit(hex[0]), low = hex + 1 < end ? hex_digit(hex[1]) : -1;

		if (high < 0 || !(high | (low < 0 ? 0 : low)))
			break;
		/* an odd digit at the end is one of sixteens */
		printed->text[printed->len++] = high << 4 | (low < 0 ? 0 : low);
		if (low < 0)
			break;
	}
	if (printed->cut != CUT && printed->len > printed->cut)
		printed->len = printed->cut;
	printed->is_bare = printed->cut == 7 && printed->len < 7;
	return memchr(printed->text, '\n', printed->len);
}

/* Does the text end with what stands before the address's first newline? */
static bool begins_at(const struct injected *injected, size_t open, const struct printed *printed,
		      size_t begun)
{
	const char *at = injected->text + open;
	size_t label = strlen(printed->label);

	return open >= begun + label && !memcmp(at - begun, printed->text, begun) &&
	       !memcmp(at - begun - label, printed->label, label);
}

/* So much of the address is to come, if that began there; nothing if it did not. */
static struct slice rest_of(const struct injected *injected, size_t open,
			    const struct printed *printed, size_t len)
{
	const char *newline = memchr(printed->text, '\n', len);
	size_t begun = newline ? newline - printed->text : 0, seen = injected->len - open;

	if (!newline || len - begun <= seen || newline[seen] != '\n' ||
	    memcmp(injected->text + open, newline, seen) ||
	    !begins_at(injected, open, printed, begun))
		return (struct slice){ NULL, 0 };
	return (struct slice){ newline + seen + 1, len - begun - seen - 1 };
}

/* Behind an address without a brace: the end of the line, or what auditd says of a field. */
static bool is_behind_bare(struct slice behind)
{
	return !behind.len || (behind.len > 1 && behind.at[0] == ' ' && behind.at[1] >= 'A' &&
			       behind.at[1] <= 'Z');
}

enum step { ELSEWHERE, GOES_ON, CLOSES };

/* Has the line these bytes, up to a newline or the brace that auditd puts behind them? */
static enum step step_of(struct slice rest, struct slice line, bool is_bare)
{
	const char *newline = rest.at ? memchr(rest.at, '\n', rest.len) : NULL;
	size_t part = newline ? (size_t)(newline - rest.at) : rest.len;
	struct slice behind = { line.at + part, line.len - part };

	if (!rest.at || line.len < part || memcmp(line.at, rest.at, part))
		return ELSEWHERE;
	if (newline)
		return behind.len ? ELSEWHERE : GOES_ON;
	if (is_bare)
		return is_behind_bare(behind) ? CLOSES : ELSEWHERE;
	return behind.len >= strlen(CLOSED) && !memcmp(behind.at, CLOSED, strlen(CLOSED)) ?
		       CLOSES :
		       ELSEWHERE;
}

static bool next_address(const struct injected *injected, const char **at, struct printed *printed)
{
	const char *end = injected->text + injected->len;

	while ((*at = memmem(*at, end - *at, ADDRESS, strlen(ADDRESS)))) {
		*at += strlen(ADDRESS);
		if (decode(*at, end, printed))
			return true;
	}
	return false;
}

static bool append(struct injected *injected, struct slice line)
{
	if (line.len > sizeof(injected->text) - injected->len)
		return false;
	memcpy(injected->text + injected->len, line.at, line.len);
	injected->len += line.len;
	return true;
}

/* Has an address begun at the end of the text? */
static void look_for_open(struct injected *injected)
{
	const char *at = injected->text;
	struct printed printed;

	while (injected->open_count < INJECTED_OPEN && next_address(injected, &at, &printed)) {
		const char *newline = memchr(printed.text, '\n', printed.len);

		if (!begins_at(injected, injected->len, &printed, newline - printed.text))
			continue;
		injected->open[injected->open_count++] = injected->len;
		return;
	}
}

/*
 * Each address that may go on with this line is followed: a message may have several, and
 * fields that only look as if they had one. Return: none does.
 */
static bool is_elsewhere(struct injected *injected, struct slice line, bool *closes)
{
	bool stays[INJECTED_OPEN] = {};
	const char *at = injected->text;
	struct printed printed;
	size_t count = 0;

	*closes = false;
	while (next_address(injected, &at, &printed)) {
		for (size_t len = printed.len; len; len = len > printed.cut ? printed.cut : 0) {
			for (size_t i = 0; i < injected->open_count; i++) {
				struct slice rest =
					rest_of(injected, injected->open[i], &printed, len);
				enum step step = step_of(rest, line, printed.is_bare);

				stays[i] |= step == GOES_ON;
				*closes |= step == CLOSES;
			}
		}
	}
	for (size_t i = 0; i < injected->open_count; i++) {
		if (stays[i])
			injected->open[count++] = injected->open[i];
	}
	injected->open_count = count;
	return !count && !*closes;
}

/**
 * injected_expect - does an address in a record break its line?
 * @injected: remembers it
 * @record: the record
 * @line: its line, with all that stands before the newline
 */
void injected_expect(struct injected *injected, const struct record *record, struct slice line)
{
	const struct slice added = record->tail.len ? record->tail : record->text;

	/* what auditd adds, or what it was thought not to be */
	if (!record->tail.len && !record->doubtful && !record_is_from_user(record))
		return;
	if (!memchr(added.at, '{', added.len) || !memmem(added.at, added.len, OPEN, strlen(OPEN)))
		return;
	injected->len = 0;
	injected->open_count = 0;
	if (append(injected, line))
		look_for_open(injected);
}

/**
 * injected_has - is a line the continuation of an address?
 * @injected: what is expected
 * @line: the next line
 * @len: its length
 *
 * Nobody can have another's record taken for such a line: it has to have the
 * bytes of the address, up to a newline or the brace that auditd puts behind it.
 */
bool injected_has(struct injected *injected, const char *line, size_t len)
{
	const struct slice next = { line, len };
	bool closes;

	if (!injected->open_count || is_elsewhere(injected, next, &closes))
		return false;
	injected->count++;
	if (!append(injected, (struct slice){ "\n", 1 }) || !append(injected, next))
		injected->open_count = 0;
	else if (closes)
		look_for_open(injected);
	return true;
}
