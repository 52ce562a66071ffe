// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#include "config.h"
#include "escape.h"
#include "journal.h"

#define BLANK " \t\r\n"

static const struct {
	const char *key;
	const char *start; /* the value that is not "refuse" */
	bool refuse; /* without a word in the file */
} keys[SITUATIONS] = {
	[MISSING] = { "on-missing", "warn", false },
	[REFUSED] = { "on-refused", "warn", true },
	[ROOTLESS] = { "rootless", "notice", false },
};

static const char refuse[] = "refuse";

/** config_key - the key that rules a situation */
const char *config_key(enum situation situation)
{
	return keys[situation].key;
}

/** config_value - its value */
const char *config_value(const struct config *config, enum situation situation)
{
	return config->refuse[situation] ? refuse : keys[situation].start;
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

static void set_default(struct config *config, int key)
{
	config->refuse[key] = keys[key].refuse;
}

/* Return: NULL, or what is wrong with it. */
static const char *set(struct config *config, char *line)
{
	char *value = strchr(line, '=');
	const char *key;

	if (!value)
		return "has no =";
	*value++ = '\0';
	key = trim(line);
	value = trim(value);
	for (int i = 0; i < SITUATIONS; i++) {
		if (strcmp(key, keys[i].key))
			continue;
		if (strcmp(value, refuse) && strcmp(value, keys[i].start)) {
			set_default(config, i);
			return "has no value that is known: the default holds";
		}
		config->refuse[i] = !strcmp(value, refuse);
		return NULL;
	}
	return "has no key that is known: it sets nothing";
}

/**
 * config_read - read the configuration file
 * @config: out
 * @path: its name
 *
 * Where there is none, or where it does not make sense, the defaults hold, and
 * the journal tells of what makes none.
 */
void config_read(struct config *config, const char *path)
{
	char quoted[160], *line = NULL;
	const char *wrong;
	size_t room = 0;
	FILE *file;

	config->path = path;
	for (int i = 0; i < SITUATIONS; i++)
		set_default(config, i);
	file = fopen(path, "re");
	if (!file) {
		if (errno != ENOENT)
			journal(LOG_WARNING, "%s: %s: the defaults hold", path, strerror(errno));
		return;
	}
	for (int number = 1; getline(&line, &room, file) >= 0; number++) {
		char *text = trim(line);

		if (!*text || *text == '#')
			continue;
		escape(text, quoted, sizeof(quoted));
		wrong = set(config, text);
		if (wrong)
			journal(LOG_WARNING, "%s: line %d, \"%s\", %s", path, number, quoted,
				wrong);
	}
	if (ferror(file))
		journal(LOG_WARNING, "%s: %s: what it did not say is by default", path,
			strerror(errno));
	free(line);
	fclose(file);
}
