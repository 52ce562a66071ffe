// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "config.h"
#include "escape.h"
#include "settings.h"

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

/**
 * config_format - write what rules a situation
 * @config: the configuration
 * @situation: the situation
 * @text: out: key=value
 */
void config_format(const struct config *config, enum situation situation, char text[CONFIG_TEXT])
{
	char space[CONFIG_TEXT / 2] = "";

	if (config->excepted[situation])
		escape(config->space, space, sizeof(space));
	snprintf(text, CONFIG_TEXT, "%s%s%s=%s", keys[situation].key, *space ? "." : "", space,
		 config->refuse[situation] ? refuse : keys[situation].start);
}

/* Which key is it, and what does it say? Return: SITUATIONS if it is none. */
static enum situation find_key(const char *key, const char **space)
{
	for (enum situation i = 0; i < SITUATIONS; i++) {
		size_t length = strlen(keys[i].key);

		if (strncmp(key, keys[i].key, length))
			continue;
		*space = key[length] == '.' && key[length + 1] ? key + length + 1 : NULL;
		if (*space || !key[length])
			return i;
	}
	return SITUATIONS;
}

static const char *set(void *to, const char *key, const char *value)
{
	struct config *config = to;
	const char *space = NULL;
	enum situation i = find_key(key, &space);
	bool known;

	if (i == SITUATIONS)
		return "has no key that is known: it sets nothing";
	known = !strcasecmp(value, refuse) || !strcasecmp(value, keys[i].start);
	if (space && known && config->space && !strcmp(space, config->space)) {
		config->excepted[i] = true;
		config->exception[i] = !strcasecmp(value, refuse);
	}
	if (space)
		return known ? NULL : "has no value that is known: it is no exception";
	config->refuse[i] = known ? !strcasecmp(value, refuse) : keys[i].refuse;
	return known ? NULL : "has no value that is known: the default holds";
}

/**
 * config_read - read the configuration file
 * @config: out
 * @path: its name
 * @space: the container's namespace in Kubernetes, NULL if it has none: it stays where it is
 *
 * Where there is none, or where it does not make sense, the defaults hold, and
 * the journal tells of what makes none. An exception holds wherever in the file it stands.
 */
void config_read(struct config *config, const char *path, const char *space)
{
	*config = (struct config){ .path = path, .space = space };
	for (int i = 0; i < SITUATIONS; i++)
		config->refuse[i] = keys[i].refuse;
	settings_read(path, set, config, true);
	for (int i = 0; i < SITUATIONS; i++) {
		if (config->excepted[i])
			config->refuse[i] = config->exception[i];
	}
}
