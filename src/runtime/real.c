// SPDX-License-Identifier: GPL-2.0
/*
 * One that the site names and that is not there is not replaced by another: what it names
 * may keep containers apart better than runc does.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "real.h"
#include "settings.h"

/* for an engine that has a short PATH, or none */
#define DIRECTORIES "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

static const char *set(void *to, const char *key, const char *value)
{
	char *runtime = to;

	if (strcmp(key, "runtime"))
		return "has no key that is known: it sets nothing";
	if (!*value || strlen(value) >= PATH_MAX || (*value != '/' && strchr(value, '/')))
		return "has no value that is known: the default holds";
	strcpy(runtime, value);
	return NULL;
}

/* Not this program itself, which engines may find by the name "runc". */
static bool is_program(const char *path)
{
	struct stat self, other;

	if (stat(path, &other) || !S_ISREG(other.st_mode) || access(path, X_OK))
		return false;
	return stat("/proc/self/exe", &self) || self.st_dev != other.st_dev ||
	       self.st_ino != other.st_ino;
}

static bool is_in(const char *directories, const char *name, char *path)
{
	while (directories && *directories) {
		int length = strcspn(directories, ":");

		if (*directories == '/' &&
		    snprintf(path, PATH_MAX, "%.*s/%s", length, directories, name) < PATH_MAX &&
		    is_program(path))
			return true;
		directories += length + (directories[length] == ':');
	}
	return false;
}

static bool is_somewhere(const char *name, char *path)
{
	return is_in(getenv("PATH"), name, path) || is_in(DIRECTORIES, name, path);
}

/**
 * real_find - find the real runtime
 * @path: out: its program; PATH_MAX of room
 * @tell: the journal names what makes no sense in the configuration
 *
 * Return: NULL, or why there is none.
 */
const char *real_find(char *path, bool tell)
{
	char name[PATH_MAX] = "";

	settings_read(CONFIG, set, name, tell);
	if (*name == '/') {
		strcpy(path, name);
		return is_program(path) ? NULL :
					  "the runtime that " CONFIG
					  " names is no program, or this one";
	}
	if (*name)
		return is_somewhere(name, path) ? NULL :
						  "the runtime that " CONFIG
						  " names is in no directory of PATH";
	if (is_somewhere("runc", path) || is_somewhere("crun", path))
		return NULL;
	return "there is neither runc nor crun: install one, or name another in " CONFIG;
}
