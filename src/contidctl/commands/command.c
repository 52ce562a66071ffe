// SPDX-License-Identifier: GPL-2.0
/* What the commands have in common: how they take their arguments. */
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "contid.h"
#include "message.h"
#include "registration.h"
#include "virt_control.h"

static void print_usage(const struct command *self, FILE *to)
{
	fprintf(to, "Usage: contidctl %s", self->name);
	options_usage(self->options, to);
	fprintf(to, "%s%s\n", self->arguments ? " " : "", self->arguments ?: "");
}

static int print_help(const struct command *self)
{
	print_usage(self, stdout);
	printf("%s\n", self->help);
	options_help(self->options);
	if (self->columns) {
		putchar('\n');
		columns_help(self->columns);
	}
	if (self->more)
		printf("\n%s", self->more);
	return DONE;
}

/**
 * command_usage - the answer to wrong arguments
 * @self: the command
 * @format: what is wrong; NULL if getopt has said it
 */
int command_usage(const struct command *self, const char *format, ...)
{
	char text[512];
	va_list args;

	if (format) {
		va_start(args, format);
		vsnprintf(text, sizeof(text), format, args);
		va_end(args);
		message("%s: %s", self->name, text);
	}
	print_usage(self, stderr);
	fprintf(stderr, "Try 'contidctl %s --help'.\n", self->name);
	return USAGE;
}

/**
 * command_options - read a command's options, and count its arguments
 * @self: the command
 * @argc: of its command line; becomes the number of arguments
 * @argv: likewise; becomes the first argument
 * @take: gets each option's place in the table and its argument, returns GO_ON or an exit
 *	code
 * @data: for it
 *
 * Return: GO_ON, or an exit code.
 */
int command_options(const struct command *self, int *argc, char ***argv,
		    int (*take)(void *data, const struct command *self, int option, char *value),
		    void *data)
{
	int option, status;

	while ((option = options_next(self->options, *argc, *argv)) != OPTIONS_END) {
		if (option == OPTION_HELP)
			return print_help(self);
		if (option == OPTION_WRONG)
			return command_usage(self, NULL);
		status = take(data, self, option, optarg);
		if (status != GO_ON)
			return status;
	}
	*argc -= optind;
	*argv += optind;
	if (*argc < self->least)
		return command_usage(self, "%s", self->missing);
	if (*argc > self->most)
		return command_usage(self, "too many arguments");
	return GO_ON;
}

static int set_flag(void *data, const struct command *self, int option, char *value)
{
	bool *const *flags = data;

	(void)self;
	(void)value;
	*flags[option] = true;
	return GO_ON;
}

/**
 * command_flags - read a command's options, of which none has an argument
 * @self: the command
 * @argc: as for command_options()
 * @argv: likewise
 * @flags: in the order of the command's table: each becomes true if its option is there
 *
 * Return: GO_ON, or an exit code.
 */
int command_flags(const struct command *self, int *argc, char ***argv, bool *const flags[])
{
	return command_options(self, argc, argv, set_flag, (void *)flags);
}

/**
 * command_contid - read the container that a command's arguments name
 * @what: gets it; a random one if none is named
 * @self: the command
 * @text: what stands there, or NULL
 *
 * Return: GO_ON, or an exit code.
 */
int command_contid(struct registration *what, const struct command *self, const char *text)
{
	const char *wrong;

	if (text) {
		wrong = contid_parse(text, &what->contid);
		return wrong ? command_usage(self, "'%s' %s", text, wrong) : GO_ON;
	}
	if (what->join)
		return command_usage(self, "--join needs the CONTID of a live container");
	contid_random(&what->contid);
	return GO_ON;
}

/** command_registration_option - for command_options(): --join, --tree and --label */
int command_registration_option(void *data, const struct command *self, int option, char *value)
{
	struct registration *what = data;

	switch (self->options[option].letter) {
	case 'j':
		what->join = true;
		break;
	case 't':
		what->tree = true;
		break;
	case 'l':
		what->label = value;
		break;
	}
	return GO_ON;
}

/**
 * command_label - look at the label that a command's arguments have
 * @what: with that, or NULL
 * @self: the command
 *
 * Return: GO_ON, or an exit code.
 */
int command_label(const struct registration *what, const struct command *self)
{
	if (!what->label)
		return GO_ON;
	if (what->join)
		return command_usage(self, "--label is for a new container: leave --join out");
	if (!*what->label || strlen(what->label) > AUDIT_CONTID_LABEL_MAX)
		return command_usage(self, "a label has 1 to %d bytes", AUDIT_CONTID_LABEL_MAX);
	return GO_ON;
}

/**
 * command_device_open - open the device for a registration
 * @device: out
 * @what: the registration; a module that keeps no labels is worth a warning
 *
 * Return: false if it cannot be used; a message says why.
 */
bool command_device_open(struct device *device, const struct registration *what)
{
	if (!device_open(device))
		return false;
	if (what->label && !(device->info.features & AUDIT_CONTID_FEATURE_LABEL))
		message("warning: the loaded module (version %s) keeps no labels: "
			"the container gets none",
			device->info.module_version);
	return true;
}

/**
 * command_tell_start - have audit record the names of a container that was registered
 * @what: the registration; one that was joined has begun before
 */
void command_tell_start(const struct registration *what)
{
	struct naming naming = {};

	if (what->join)
		return;
	naming_set(&naming, NAMING_LABEL, what->label);
	virt_control_start(&what->contid, what->pid, &naming, "registered");
	naming_free(&naming);
}
