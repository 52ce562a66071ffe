// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "program.h"
#include "unit.h"

static const char *const directories[] = {
	"/etc/systemd/system",	   "/run/systemd/system", "/usr/local/lib/systemd/system",
	"/usr/lib/systemd/system", "/lib/systemd/system",
};

#define DIRECTORIES (sizeof(directories) / sizeof(*directories))

/**
 * unit_is_there - does the machine have a unit?
 * @unit: its name
 */
bool unit_is_there(const char *unit)
{
	bool there = false;
	char *path;

	for (size_t i = 0; i < DIRECTORIES && !there; i++) {
		if (asprintf(&path, "%s/%s", directories[i], unit) < 0)
			abort();
		there = below_has(path);
		free(path);
	}
	return there;
}

/**
 * unit_has - find a line with a word in a unit or in the drop-ins of others for it
 * @unit: its name
 * @word: the word
 * @line: out: to be freed if there is one
 *
 * Return: false if there is none.
 */
bool unit_has(const char *unit, const char *word, struct line *line)
{
	bool has = false;
	char *path;

	for (size_t i = 0; i < DIRECTORIES * 2 && !has; i++) {
		if (asprintf(&path, "%s/%s%s", directories[i / 2], unit, i % 2 ? ".d" : "") < 0)
			abort();
		has = lines_find(path, word, line);
		free(path);
	}
	return has;
}

/**
 * unit_is_active - does a unit of this machine run?
 * @unit: its name
 *
 * Return: false if that is not this machine's, or has no systemd.
 */
bool unit_is_active(const char *unit)
{
	const char *const active[] = { "systemctl", "is-active", "--quiet", unit, NULL };

	return below_is_machine() && !access("/run/systemd/system", F_OK) && program_run(active);
}

/** unit_reload - have it read its files again, and no container notices */
bool unit_reload(const char *unit)
{
	const char *const reload[] = { "systemctl", "reload", unit, NULL };

	return program_run(reload);
}
