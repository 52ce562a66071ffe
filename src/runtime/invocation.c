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

/* Two runtimes have them; all others may have a value. */
static const char *const flags_before_command[] = { "debug", "systemd-cgroup", NULL };

static const char *const behind_command[] = {
	"bundle", "b", "config", "f", "console-socket", "pid-file", "preserve-fds", NULL,
};

static const char *const of_execution[] = {
	"additional-gids",
	"apparmor",
	"cap",
	"cgroup",
	"console-socket",
	"cwd",
	"env",
	"pid-file",
	"pidfd-socket",
	"preserve-fds",
	"process",
	"process-label",
	"user",
	"a",
	"c",
	"e",
	"g",
	"p",
	"u",
	NULL,
};

static const char *const flags_of_execution[] = {
	"detach", "tty", "no-new-privs", "ignore-paused", NULL,
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

static bool executes(const char *word)
{
	return !strcmp(word, "exec");
}

static bool is_command(const char *word)
{
	return creates(word) || executes(word);
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

/* A runtime that is not known may have options with a value. */
static bool may_have_value(const struct option *option, int left, char **next)
{
	return left > 2 && is_command(next[1]) && **next != '-' && !is_command(*next) &&
	       !is_among(option->name, option->length, flags_before_command);
}

/* Return: the index of the command, or of nothing. */
static int find_command(struct invocation *invocation, int argc, char **argv)
{
	int i;

	for (i = 1; i < argc && *argv[i] == '-'; i++) {
		struct option option = option_of(argv[i]);

		if (!option.value && i + 1 < argc &&
		    (is_among(option.name, option.length, before_command) ||
		     may_have_value(&option, argc - i, argv + i + 1)))
			option.value = argv[++i];
		if (is_called(&option, "root", "root"))
			invocation->root = option.value;
	}
	return i;
}

static void read_creation(struct invocation *invocation, int argc, char **argv)
{
	for (int i = 0; i < argc; i++) {
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

/* -dt, and -eNAME=VALUE, as getopt has them; not -env=NAME=VALUE, as Go has it. */
static void read_letters(struct invocation *invocation, struct option *option)
{
	if (is_among(option->name, option->length, of_execution) ||
	    is_among(option->name, option->length, flags_of_execution))
		return;
	for (; option->length > 1 && strchr("dt", *option->name); option->name++) {
		invocation->terminal |= *option->name == 't';
		option->length--;
	}
	if (option->length > 1 && strchr("acegpu", *option->name))
		*option = (struct option){ option->name, 1, option->name + 1 };
}

/*
 * One option of an execution; a next argument that is its value is taken.
 * Return: how many arguments it was.
 */
static int take_option(struct invocation *invocation, int argc, char **argv, struct option *option)
{
	int taken = 1;

	*option = option_of(*argv);
	if (option->name == *argv + 1)
		read_letters(invocation, option);
	if (!option->value && argc > 1 && is_among(option->name, option->length, of_execution)) {
		option->value = argv[1];
		taken++;
	}
	return taken;
}

/* Behind the container's ID all is what is executed. */
static void read_execution(struct invocation *invocation, int argc, char **argv)
{
	struct option option;

	invocation->options = argv;
	while (argc && **argv == '-' && strcmp(*argv, "--")) {
		int taken = take_option(invocation, argc, argv, &option);

		if (is_called(&option, "process", "p"))
			invocation->process = option.value;
		else if (is_called(&option, "pid-file", "pid-file"))
			invocation->pid_file = option.value;
		else if (is_called(&option, "tty", "t"))
			invocation->terminal = !option.value || strcmp(option.value, "false");
		argc -= taken;
		argv += taken;
	}
	invocation->options_end = argv;
	if (argc && !strcmp(*argv, "--")) {
		argc--;
		argv++;
	}
	invocation->id = argc ? *argv : NULL;
	invocation->command = argc ? argv + 1 : argv;
}

/**
 * invocation_read - find out what a runtime is called for
 * @invocation: out
 * @argc: of its arguments
 * @argv: likewise
 */
void invocation_read(struct invocation *invocation, int argc, char **argv)
{
	int i;

	*invocation = (struct invocation){ .bundle = "." };
	i = find_command(invocation, argc, argv);
	if (i >= argc)
		return;
	invocation->creates = creates(argv[i]);
	invocation->executes = executes(argv[i]);
	i++;
	if (invocation->creates)
		read_creation(invocation, argc - i, argv + i);
	else if (invocation->executes)
		read_execution(invocation, argc - i, argv + i);
}

/**
 * invocation_variable - what the options put into the environment of what is executed
 * @invocation: of an execution
 * @name: of the variable
 *
 * Return: its value, by the last such option; NULL if they do not.
 */
const char *invocation_variable(const struct invocation *invocation, const char *name)
{
	char **at = invocation->options, **end = invocation->options_end;
	struct invocation ignored = {};
	size_t length = strlen(name);
	const char *value = NULL;

	while (at < end) {
		struct option option;

		at += take_option(&ignored, end - at, at, &option);
		if (option.value && is_called(&option, "env", "e") &&
		    !strncmp(option.value, name, length) && option.value[length] == '=')
			value = option.value + length + 1;
	}
	return value;
}
