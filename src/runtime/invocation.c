// SPDX-License-Identifier: GPL-2.0
/*
 * The options of runc, crun, youki and runsc, as far as they are needed to find the
 * command and its bundle. Go's runtimes write an option with one dash or two, its value
 * behind "=" or as the next argument, and before or behind the container's ID.
 */
#include <string.h>

#include "invocation.h"

/* Those with a value; each other option has none, unless it is behind "=". */
static const char *const before_command[] = {
	"log", "log-format", "log-level", "root", "criu", "rootless", "cgroup-manager", NULL,
};

static const char *const behind_command[] = {
	"bundle", "b", "config", "f", "console-socket", "pid-file", "preserve-fds", NULL,
};

static bool is_among(const char *word, size_t length, const char *const *list)
{
	for (; *list; list++) {
		if (strlen(*list) == length && !memcmp(*list, word, length))
			return true;
	}
	return false;
}

static bool creates(const char *word)
{
	return !strcmp(word, "create") || !strcmp(word, "run");
}

/**
 * struct option - an argument that begins with a dash
 * @name: without its dashes
 * @length: of it
 * @value: what is behind "=", or NULL
 */
struct option {
	const char *name;
	size_t length;
	const char *value;
};

static struct option option_of(const char *argument)
{
	struct option option = { .name = argument + strspn(argument, "-") };

	option.length = strcspn(option.name, "=");
	if (option.name[option.length])
		option.value = option.name + option.length + 1;
	return option;
}

static bool is_called(const struct option *option, const char *word, const char *letter)
{
	return is_among(option->name, option->length, (const char *const[]){ word, letter, NULL });
}

/* Return: the index of the command, or of nothing. */
static int find_command(int argc, char **argv)
{
	int i;

	for (i = 1; i < argc && *argv[i] == '-'; i++) {
		struct option option = option_of(argv[i]);

		/* an option of a runtime that is not known may have a value */
		if (!option.value && i + 1 < argc &&
		    (is_among(option.name, option.length, before_command) ||
		     (i + 2 < argc && creates(argv[i + 2]) && *argv[i + 1] != '-' &&
		      !creates(argv[i + 1]))))
			i++;
	}
	return i;
}

/**
 * invocation_read - find out what a runtime is called for
 * @invocation: out
 * @argc: of its arguments
 * @argv: likewise
 */
void invocation_read(struct invocation *invocation, int argc, char **argv)
{
	int i = find_command(argc, argv);

	*invocation = (struct invocation){ .bundle = "." };
	if (i >= argc || !creates(argv[i]))
		return;
	invocation->creates = true;
	while (++i < argc) {
		struct option option = option_of(argv[i]);

		if (*argv[i] != '-')
			invocation->id = argv[i];
		if (*argv[i] != '-' || !option.length)
			continue;
		if (!option.value && is_among(option.name, option.length, behind_command))
			option.value = ++i < argc ? argv[i] : NULL;
		/* -bDIRECTORY, as getopt has it */
		if (!option.value && option.name == argv[i] + 1 && option.length > 1 &&
		    strchr("bf", *option.name))
			option = (struct option){ option.name, 1, option.name + 1 };
		if (option.value && is_called(&option, "bundle", "b"))
			invocation->bundle = option.value;
		else if (option.value && is_called(&option, "config", "f"))
			invocation->config = option.value;
	}
}
