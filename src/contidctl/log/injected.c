// SPDX-License-Identifier: GPL-2.0
/*
 * In its ENRICHED format auditd prints the path of a local socket's address as it
 * is, newlines included. Any process that may connect, or send a user message
 * that has a field saddr=, so puts lines of its own choice into the log.
 *
 * The record itself has the address in hexadecimal digits. So the bytes behind
 * the newline are known, and a line that has these very bytes is no record.
 */
#define _GNU_SOURCE /* memmem */
#include <string.h>

#include "injected.h"

#define ADDRESS "saddr="
#define PRINTED "path="
#define OPEN	"SADDR={"
#define CLOSED	" }"

/* The path of a local socket, as auditd prints it: up to a NUL, the first aside. */
static size_t decode(const char *hex, const char *end, char path[INJECTED_PATH])
{
	size_t len = 0;

	/* the family, of either byte order */
	if (end - hex < 6 || (memcmp(hex, "0100", 4) && memcmp(hex, "0001", 4)))
		return 0;
	hex += 4;
	if (!memcmp(hex, "00", 2))
		hex += 2;
	for (; end - hex >= 2 && len < INJECTED_PATH; hex += 2) {
		int high = hex_digit(hex[0]), low = hex_digit(hex[1]);

		if (high < 0 || low < 0 || !(high | low))
			break;
		path[len++] = high << 4 | low;
	}
	return len;
}

/* Does the line end with the path up to its first newline? */
static bool ends_with_path(struct slice line, const char *path, size_t len)
{
	size_t printed = strlen(PRINTED);

	return line.len >= len + printed && !memcmp(line.at + line.len - len, path, len) &&
	       !memcmp(line.at + line.len - len - printed, PRINTED, printed);
}

/**
 * injected_expect - does the address in a record break its line?
 * @injected: remembers it
 * @record: the record
 */
void injected_expect(struct injected *injected, const struct record *record)
{
	const char *at = record->line.at, *end = at + record->line.len, *newline;
	const struct slice added = record->tail.len ? record->tail : record->text;
	char path[INJECTED_PATH];
	size_t len;

	/* what auditd adds, or what it was thought not to be */
	if (!record->tail.len && !record->doubtful && !record_is_from_user(record))
		return;
	if (!memchr(added.at, '{', added.len) || !memmem(added.at, added.len, OPEN, strlen(OPEN)))
		return;
	while ((at = memmem(at, end - at, ADDRESS, strlen(ADDRESS)))) {
		at += strlen(ADDRESS);
		len = decode(at, end, path);
		newline = memchr(path, '\n', len);
		if (!newline || !ends_with_path(record->line, path, newline - path))
			continue;
		injected->len = path + len - newline - 1;
		memcpy(injected->path, newline + 1, injected->len);
		injected->expected = true;
	}
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
	const char *path = injected->path, *newline;
	size_t part;

	if (!injected->expected)
		return false;
	injected->expected = false;
	newline = memchr(path, '\n', injected->len);
	part = newline ? (size_t)(newline - path) : injected->len;
	if (len < part || memcmp(line, path, part))
		return false;
	if (newline && len != part)
		return false;
	if (!newline &&
	    (len - part < strlen(CLOSED) || memcmp(line + part, CLOSED, strlen(CLOSED))))
		return false;
	if (newline) {
		injected->len -= part + 1;
		memmove(injected->path, newline + 1, injected->len);
		injected->expected = true;
	}
	injected->count++;
	return true;
}
