// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "module_file.h"
#include "printable.h"
#include "refused_load.h"

#define KERNEL_LOG "/dev/kmsg"
#define PREFIX	   MODULE ": "
/* of the kernel's own lines: those of user space have higher numbers */
#define LEVEL_ERR 3

static void keep(char out[REFUSED_LOAD_TEXT], const char *text)
{
	char *shown = printable(text);

	if (shown)
		snprintf(out, REFUSED_LOAD_TEXT, "%s", shown);
	free(shown);
}

/* "PRIORITY,NUMBER,TIME,FLAGS;TEXT": an error of the module's own? */
static const char *error_in(const char *line)
{
	const char *text = strchr(line, ';');
	unsigned long priority;
	char *end;

	priority = strtoul(line, &end, 10);
	if (!text || *end != ',' || priority > LEVEL_ERR)
		return NULL;
	return strncmp(text + 1, PREFIX, strlen(PREFIX)) ? NULL : text + 1 + strlen(PREFIX);
}

/**
 * refused_load - the module's last error in the kernel's log
 * @text: out, if there is one that this process may read
 */
bool refused_load(char text[REFUSED_LOAD_TEXT])
{
	/* one read is one line, of at most so much */
	char lines[8192 + 1], *line, *rest;
	int fd = open(KERNEL_LOG, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	const char *error;
	ssize_t got;

	*text = '\0';
	if (fd < 0)
		return false;
	/* EPIPE: lines were overwritten meanwhile; the next ones come */
	while ((got = read(fd, lines, sizeof(lines) - 1)) > 0 || (got < 0 && errno == EPIPE)) {
		lines[got < 0 ? 0 : got] = '\0';
		for (line = strtok_r(lines, "\n", &rest); line;
		     line = strtok_r(NULL, "\n", &rest)) {
			error = error_in(line);
			if (error)
				keep(text, error);
		}
	}
	close(fd);
	return *text;
}

/* Of symbols.sh, features.sh or compat.h, in what make has printed. */
static const char *reason_in(const char *line)
{
	const char *reason = strstr(line, "#error \"" MODULE);

	if (reason)
		return reason + strlen("#error \"");
	return strncmp(line, PREFIX, strlen(PREFIX)) ? NULL : line + strlen(PREFIX);
}

/**
 * refused_build - the project's last word in the log of a build that has failed
 * @release: of the kernel
 * @text: out, if DKMS has such a log for that kernel
 */
bool refused_build(const char *release, char text[REFUSED_LOAD_TEXT])
{
	static const char path[] = "/var/lib/dkms/" MODULE "/" VERSION "/build/make.log";
	FILE *log = fopen(path, "re");
	bool is_meant = false;
	size_t room = 0, end;
	char *line = NULL;
	const char *reason;

	*text = '\0';
	while (log && getline(&line, &room, log) > 0) {
		line[strcspn(line, "\n")] = '\0';
		reason = reason_in(line);
		if (strstr(line, "make.log for") && strstr(line, release))
			is_meant = true;
		else if (reason && strncmp(reason, "no list of", strlen("no list of")))
			keep(text, reason);
	}
	free(line);
	if (log)
		fclose(log);
	end = strlen(text);
	if (end && text[end - 1] == '"')
		text[end - 1] = '\0';
	return is_meant && *text;
}
