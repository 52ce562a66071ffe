// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "auditd_conf.h"

/* "name = value", in which auditd takes the name in any case */
static bool line_has(const char *line, const char *name, char value[AUDITD_CONF_VALUE])
{
	size_t len = strlen(name);

	line += strspn(line, " \t");
	if (strncasecmp(line, name, len))
		return false;
	line += len;
	line += strspn(line, " \t");
	return *line == '=' && sscanf(line + 1, " %4095s", value) == 1;
}

/**
 * auditd_conf_read - read a word of auditd.conf
 * @name: what it is called there
 * @value: out, if it is there: the last one counts
 *
 * Return: false if it is not there. Then errno says why the file cannot be read, or is
 * as it was.
 */
bool auditd_conf_read(const char *name, char value[AUDITD_CONF_VALUE])
{
	FILE *config = fopen(AUDITD_CONF, "re");
	char line[AUDITD_CONF_VALUE];
	bool found = false;

	if (!config)
		return false;
	while (fgets(line, sizeof(line), config))
		found |= line_has(line, name, value);
	fclose(config);
	return found;
}
