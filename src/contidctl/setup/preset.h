/* SPDX-License-Identifier: GPL-2.0 */
/* Audit rules by purpose, as they come with the tools. */
#ifndef SETUP_PRESET_H
#define SETUP_PRESET_H

#include <stdbool.h>
#include <stddef.h>

#include "below.h"

#define PRESET_NAME	 32
#define PRESET_SUMMARY	 128
#define PRESET_DIRECTORY "/etc/audit/rules.d"

/**
 * struct preset - the rules for one purpose
 * @name: of the purpose
 * @summary: in a few words
 * @rules: so many rules hold on this machine
 * @left_out: so many do not, as a file or a system call is not here
 * @text: all of it, adapted to this machine
 */
struct preset {
	char name[PRESET_NAME];
	char summary[PRESET_SUMMARY];
	size_t rules, left_out;
	struct bytes text;
};

size_t preset_names(char ***names);
void preset_names_free(char **names, size_t count);
const char *preset_read(struct preset *preset, const char *name);
void preset_free(struct preset *preset);
char *preset_path(const char *name);

#endif
