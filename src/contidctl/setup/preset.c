// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE /* basename, strchrnul */
#include <errno.h>
#include <glob.h>
#include <libaudit.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "installed.h"
#include "preset.h"

#define SUFFIX	  ".rules"
#define INSTALLED PRESET_DIRECTORY "/60-audit-contid-%s" SUFFIX
#define LINE	  1024

/**
 * preset_names - which presets there are
 * @names: out: in the order of the alphabet, to be freed by preset_names_free()
 *
 * Return: how many.
 */
size_t preset_names(char ***names)
{
	size_t count = 0;
	glob_t found;
	char *path;

	*names = NULL;
	if (asprintf(&path, "%s/*" SUFFIX, installed_rules) < 0)
		return 0;
	if (!glob(path, 0, NULL, &found)) {
		*names = calloc(found.gl_pathc, sizeof(**names));
		for (; *names && count < found.gl_pathc; count++) {
			const char *name = basename(found.gl_pathv[count]);

			(*names)[count] = strndup(name, strlen(name) - strlen(SUFFIX));
		}
		globfree(&found);
	}
	free(path);
	return count;
}

/** preset_names_free - free what preset_names() has allocated */
void preset_names_free(char **names, size_t count)
{
	while (count)
		free(names[--count]);
	free(names);
}

/**
 * preset_path - the file that auditd reads
 * @name: of a preset
 *
 * Return: as it is on the machine, to be freed; NULL without memory.
 */
char *preset_path(const char *name)
{
	char *path;

	return asprintf(&path, INSTALLED, name) < 0 ? NULL : path;
}

/* The rest of the word that begins so, into @value. Return: false if there is none. */
static bool word_value(const char *line, const char *begin, char value[LINE])
{
	const char *at = strstr(line, begin);

	if (!at)
		return false;
	at += strlen(begin);
	snprintf(value, LINE, "%.*s", (int)strcspn(at, " \n"), at);
	return true;
}

/* Directories below it are made by the programs that use them, after the rules are loaded. */
static bool comes_after_boot(const char *directory)
{
	return !strncmp(directory, "/run/", strlen("/run/"));
}

/*
 * The kernel takes no rule for a file without its directory, and auditctl reads nothing
 * behind such a rule. Return: why it is left out, with the directory in @path; or NULL.
 */
static const char *missing_file(const char *line, char path[LINE])
{
	char *slash;

	if (!word_value(line, " -F dir=", path)) {
		if (!word_value(line, " -F path=", path))
			return NULL;
		slash = strrchr(path, '/');
		if (slash && slash != path)
			*slash = '\0';
	}
	if (comes_after_boot(path))
		return "is not there at boot";
	return below_has(path) ? NULL : "is not here";
}

/* A system call may be another architecture's. Return: how many are left of them. */
static size_t known_calls(const char *line, char known[LINE])
{
	char calls[LINE], arch[LINE], *next = calls, *call;
	size_t count = 0, used = 0;
	int machine;

	*known = '\0';
	if (!word_value(line, " -S ", calls) || !word_value(line, " -F arch=", arch))
		return 0;
	machine = audit_determine_machine(arch);
	while ((call = strsep(&next, ","))) {
		if (machine < 0 || audit_name_to_syscall(call, machine) < 0)
			continue;
		used += snprintf(known + used, LINE - used, "%s%s", count++ ? "," : "", call);
	}
	return count;
}

static void adapt_rule(struct preset *preset, const char *line, FILE *to)
{
	char path[LINE] = "its system call", known[LINE];
	const char *calls = strstr(line, " -S "), *missing = missing_file(line, path);

	if (calls && !known_calls(line, known))
		missing = "is not here";
	if (missing) {
		fprintf(to, "# left out, as %s %s: %s", path, missing, line);
		preset->left_out++;
		return;
	}
	preset->rules++;
	if (calls) {
		calls += strlen(" -S ");
		fprintf(to, "%.*s%s%s", (int)(calls - line), line, known,
			calls + strcspn(calls, " \n"));
	} else {
		fputs(line, to);
	}
}

/* The line "# NAME: SUMMARY" */
static void read_summary(struct preset *preset, const char *line)
{
	size_t length = strlen(preset->name);

	if (!*preset->summary && !strncmp(line, "# ", 2) &&
	    !strncmp(line + 2, preset->name, length) && line[2 + length] == ':')
		snprintf(preset->summary, sizeof(preset->summary), "%.*s",
			 (int)strcspn(line + length + 4, "\n"), line + length + 4);
}

static bool adapt(struct preset *preset, FILE *from)
{
	char line[LINE];
	FILE *to = open_memstream(&preset->text.text, &preset->text.length);

	if (!to)
		return false;
	fputs("# contidctl rules install has made this file, and makes it anew.\n", to);
	while (fgets(line, sizeof(line), from)) {
		read_summary(preset, line);
		if (!strncmp(line, "-a ", 3))
			adapt_rule(preset, line, to);
		else
			fputs(line, to);
	}
	preset->text.there = true;
	/* as auditd's own: who may not read the log learns nothing of the rules */
	preset->text.stat.st_mode = S_IFREG | 0640;
	return !fclose(to) && !ferror(from);
}

/**
 * preset_read - read a preset, and adapt it to this machine
 * @preset: out; to be freed in any case
 * @name: one of preset_names()
 *
 * Return: NULL, or what is wrong.
 */
const char *preset_read(struct preset *preset, const char *name)
{
	const char *wrong = NULL;
	char *path;
	FILE *from;

	*preset = (struct preset){};
	snprintf(preset->name, sizeof(preset->name), "%s", name);
	if (strchr(name, '/') || asprintf(&path, "%s/%s" SUFFIX, installed_rules, name) < 0)
		return "there are no such rules";
	from = fopen(path, "re");
	free(path);
	if (!from)
		return errno == ENOENT ? "there are no such rules" : strerror(errno);
	if (!adapt(preset, from))
		wrong = strerror(errno);
	fclose(from);
	return wrong;
}

/** preset_free - free what preset_read() has allocated */
void preset_free(struct preset *preset)
{
	bytes_free(&preset->text);
}
