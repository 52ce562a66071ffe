// SPDX-License-Identifier: GPL-2.0
/*
 * The environment of what is executed has the container's own variables, too: those that
 * its image or its maker has chosen. They say nothing of a request, whatever their name is.
 * What an orchestrator has put in front of the command (env NAME=VALUE COMMAND) is read
 * first: with Kubernetes a request has no other place for it.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <linux/audit_contid.h>

#include "process.h"
#include "json_file.h"

static struct json_object *member(struct json_object *of, const char *name, enum json_type type)
{
	struct json_object *it = NULL;

	json_object_object_get_ex(of, name, &it);
	return json_object_is_type(it, type) ? it : NULL;
}

/* Return: NULL if it is none, or would be cut short by a NUL in it. */
static const char *string_at(struct json_object *list, size_t i)
{
	struct json_object *it = list ? json_object_array_get_idx(list, i) : NULL;
	const char *text;

	if (!json_object_is_type(it, json_type_string))
		return NULL;
	text = json_object_get_string(it);
	return strlen(text) == (size_t)json_object_get_string_len(it) ? text : NULL;
}

static size_t length_of(struct json_object *list)
{
	return list ? json_object_array_length(list) : 0;
}

/* Return: its value; NULL if this is another variable, or none. */
static const char *value_of(const char *variable, const char *name)
{
	size_t length = strlen(name);

	if (!variable || strncmp(variable, name, length) || variable[length] != '=')
		return NULL;
	return variable + length + 1;
}

static bool has(struct json_object *list, const char *text)
{
	for (size_t i = 0; i < length_of(list); i++) {
		const char *other = string_at(list, i);

		if (other && !strcmp(other, text))
			return true;
	}
	return false;
}

/* env NAME=VALUE COMMAND... */
static const char *in_command(const char *program, const char *first, const char *name)
{
	const char *slash = program ? strrchr(program, '/') : NULL;

	if (!program || strcmp(slash ? slash + 1 : program, "env"))
		return NULL;
	return value_of(first, name);
}

/*
 * Of an environment: the last value that is not the container's own.
 * Return: NULL if there is none, or if it is not known what the container's own are.
 */
static const char *in_environment(struct json_object *described, const char *name,
				  struct json_object *container)
{
	struct json_object *all = member(described, "env", json_type_array);
	struct json_object *first = member(container, "process", json_type_object);
	struct json_object *own = first ? member(first, "env", json_type_array) : NULL;
	const char *value = NULL;

	for (size_t i = 0; container && i < length_of(all); i++) {
		const char *variable = string_at(all, i);

		if (value_of(variable, name) && !has(own, variable))
			value = value_of(variable, name);
	}
	return value;
}

static bool needs_quotes(const char *text)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789%+,-./:=@_";

	return !*text || text[strspn(text, plain)];
}

/* As a shell would take it, so that one with blanks is not taken for two. */
static void add_word(FILE *to, const char *word)
{
	if (!needs_quotes(word)) {
		fputs(word, to);
		return;
	}
	fputc('\'', to);
	for (; *word; word++)
		fputs(*word == '\'' ? "'\\''" : (const char[]){ *word, '\0' }, to);
	fputc('\'', to);
}

/* Return: NULL behind the last; none behind that is asked for. */
static const char *word_at(const struct process *process, const struct invocation *invocation,
			   size_t i)
{
	if (process->described)
		return string_at(member(process->described, "args", json_type_array), i);
	return invocation->command[i];
}

static char *command_of(const struct process *process, const struct invocation *invocation)
{
	const char *word = word_at(process, invocation, 0);
	char *text = NULL;
	size_t length;
	FILE *to = word ? open_memstream(&text, &length) : NULL;

	if (!to)
		return NULL;
	for (size_t i = 0; word; word = word_at(process, invocation, ++i)) {
		if (i)
			fputc(' ', to);
		add_word(to, word);
	}
	if (!fclose(to))
		return text;
	free(text);
	return NULL;
}

/**
 * process_open - open the file that describes what is executed
 * @invocation: names it
 *
 * The runtime reads it, too, and its caller removes it afterwards. Only a file is opened: a
 * pipe has one reader.
 *
 * Return: below 0 if there is none, or if it cannot be opened.
 */
int process_open(const struct invocation *invocation)
{
	const char *path = invocation->process;
	struct stat stat_of;

	if (!path || stat(path, &stat_of) || !S_ISREG(stat_of.st_mode))
		return -1;
	return open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
}

/**
 * process_read - find out what is executed, and on whose request
 * @process: out
 * @invocation: says so, if no file does
 * @fd: of process_open()
 * @variable: the name of the one that has the user of the request, "" if none has
 * @container: the container's configuration; NULL if that is not known
 */
void process_read(struct process *process, const struct invocation *invocation, int fd,
		  const char *variable, struct json_object *container)
{
	struct json_object *terminal;
	const char *user = NULL;

	*process = (struct process){ .terminal = invocation->terminal };
	if (fd >= 0)
		process->described = json_file_read(fd);
	if (invocation->process && !process->described)
		return;
	if (json_object_object_get_ex(process->described, "terminal", &terminal))
		process->terminal = json_object_get_boolean(terminal);
	process->command = command_of(process, invocation);
	if (!*variable)
		return;
	if (process->command)
		user = in_command(word_at(process, invocation, 0), word_at(process, invocation, 1),
				  variable);
	if (!user && process->described)
		user = in_environment(process->described, variable, container);
	else if (!user)
		user = invocation_variable(invocation, variable);
	if (user && *user)
		process->user = strndup(user, AUDIT_CONTID_LABEL_MAX);
}
