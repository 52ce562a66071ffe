// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#include "escape.h"
#include "journal.h"
#include "settings.h"

#define BLANK " \t\r\n"

/*
 * A comment begins at a # that begins the line, or has a blank before it. Left in
 * the value it would make of "refuse # here" a word that is not known.
 */
static void cut_comment(char *line)
{
	for (char *at = strchr(line, '#'); at; at = strchr(at + 1, '#')) {
		if (at == line || strchr(BLANK, at[-1])) {
			*at = '\0';
			return;
		}
	}
}

/* Cuts the blanks off both ends. */
static char *trim(char *text)
{
	size_t length;

	text += strspn(text, BLANK);
	length = strlen(text);
	while (length && strchr(BLANK, text[length - 1]))
		length--;
	text[length] = '\0';
	return text;
}

/* Cuts the blanks off both ends, and then one pair of quotes. */
static char *trim_value(char *text)
{
	size_t length;

	text = trim(text);
	length = strlen(text);
	if (length >= 2 && strchr("\"'", *text) && text[length - 1] == *text) {
		text[length - 1] = '\0';
		text++;
	}
	return text;
}

/* Return: NULL, or what is wrong with it. */
static const char *take_line(char *line, settings_set *set, void *to)
{
	char *value = strchr(line, '=');

	if (!value)
		return "has no =";
	*value++ = '\0';
	return set(to, trim(line), trim_value(value));
}

/**
 * settings_read - read a configuration file
 * @path: its name; if there is none, nothing is set
 * @set: called for each line that has a key and a value
 * @to: handed to @set
 * @tell: the journal names what makes no sense
 */
void settings_read(const char *path, settings_set *set, void *to, bool tell)
{
	char quoted[160], *line = NULL;
	const char *wrong;
	size_t room = 0;
	FILE *file;

	file = fopen(path, "re");
	if (!file) {
		if (tell && errno != ENOENT)
			journal(LOG_WARNING, "%s: %s: the defaults hold", path, strerror(errno));
		return;
	}
	for (int number = 1; getline(&line, &room, file) >= 0; number++) {
		char *text;

		cut_comment(line);
		text = trim(line);
		if (!*text)
			continue;
		escape(text, quoted, sizeof(quoted));
		wrong = take_line(text, set, to);
		if (tell && wrong)
			journal(LOG_WARNING, "%s: line %d, \"%s\", %s", path, number, quoted,
				wrong);
	}
	if (tell && ferror(file))
		journal(LOG_WARNING, "%s: %s: what it did not say is by default", path,
			strerror(errno));
	free(line);
	fclose(file);
}
