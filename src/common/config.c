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

static const char request_variable[] = "exec-request-variable";

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

/* One that a shell could set, or "" for none. */
static bool is_variable(const char *name)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_";
	size_t first = strspn(name, letters), rest;

	rest = strspn(name + first,
		      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_");
	return (first || !rest) && !name[first + rest] && first + rest < CONFIG_VARIABLE;
}

static const char *set(void *to, const char *key, const char *value)
{
	struct config *config = to;
	const char *space = NULL;
	enum situation i = find_key(key, &space);
	bool known;

	if (!strcmp(key, request_variable))
		return is_variable(value) ? NULL : "has no value that is known: the default holds";
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

static const char *set_variable(void *to, const char *key, const char *value)
{
	if (!strcmp(key, request_variable))
		strcpy(to, is_variable(value) ? value : CONFIG_DEFAULT_VARIABLE);
	return NULL;
}

/**
 * config_request_variable - which variable has the user of a request to execute something?
 * @path: the configuration file
 * @name: out: "" if none has
 *
 * The journal is not told of what makes no sense: that is at each start of a container.
 */
void config_request_variable(const char *path, char name[CONFIG_VARIABLE])
{
	strcpy(name, CONFIG_DEFAULT_VARIABLE);
	settings_read(path, set_variable, name, false);
}
