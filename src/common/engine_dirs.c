// SPDX-License-Identifier: GPL-2.0
/*
 * Sites move the storage of their containers to another disk, and say so in the engine's
 * own configuration. What that says is believed if nobody but root can have written it,
 * and if it is a plain path; else the usual directory holds.
 */
#define _GNU_SOURCE
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <json-c/json.h>

#include "engine_dirs.h"
#include "trusted.h"

/* It becomes the beginning of a pattern, in which nothing of it may have a meaning. */
static void set_dir(char dir[ENGINE_DIR], const char *path, size_t length)
{
	while (length > 1 && path[length - 1] == '/')
		length--;
	if (length < 2 || length >= ENGINE_DIR || *path != '/' ||
	    strcspn(path, "%*?[]\\\"\n") < length)
		return;
	memcpy(dir, path, length);
	dir[length] = '\0';
}

/* If a line of TOML is KEY = "VALUE", or 'VALUE' */
static void set_from_toml(char dir[ENGINE_DIR], const char *key, const char *line)
{
	const char *end;

	if (strncmp(line, key, strlen(key)))
		return;
	line += strlen(key);
	line += strspn(line, " \t");
	if (*line++ != '=')
		return;
	line += strspn(line, " \t");
	if (*line != '"' && *line != '\'')
		return;
	end = strchr(line + 1, *line);
	if (end)
		set_dir(dir, line + 1, end - line - 1);
}

/* Return: false if there is no such file that can be believed. */
static bool read_storage_conf(const char *path, struct engine_dirs *dirs)
{
	int fd = trusted_open(path);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "r");
	bool in_storage = false;
	char *line = NULL;
	size_t room = 0;

	if (!file)
		return false;
	while (getline(&line, &room, file) > 0) {
		const char *word = line + strspn(line, " \t");

		if (*word == '[')
			in_storage = !strncmp(word, "[storage]", strlen("[storage]"));
		if (!in_storage)
			continue;
		set_from_toml(dirs->graph, "graphroot", word);
		set_from_toml(dirs->run, "runroot", word);
	}
	free(line);
	fclose(file);
	return true;
}

static void read_daemon_json(const char *path, struct engine_dirs *dirs)
{
	int fd = trusted_open(path);
	struct json_object *content, *root;

	if (fd < 0)
		return;
	content = json_object_from_fd(fd);
	close(fd);
	if (json_object_object_get_ex(content, "data-root", &root) &&
	    json_object_is_type(root, json_type_string))
		set_dir(dirs->docker, json_object_get_string(root),
			json_object_get_string_len(root));
	json_object_put(content);
}

/**
 * engine_dirs_read - find where the engines keep their files
 * @dirs: out: the directories
 */
void engine_dirs_read(struct engine_dirs *dirs)
{
	*dirs = (struct engine_dirs){
		.graph = "/var/lib/containers/storage",
		.run = "/run/containers/storage",
		.docker = "/var/lib/docker",
	};
	/* the site's replaces the distribution's as a whole */
	if (!read_storage_conf("/etc/containers/storage.conf", dirs))
		read_storage_conf("/usr/share/containers/storage.conf", dirs);
	read_daemon_json("/etc/docker/daemon.json", dirs);
}
