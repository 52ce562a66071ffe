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

#define FLAGS 4 /* the most that a command has */
#define WORD  256 /* what getopt says for the first word, and so on: no letter */

/**
 * command_help - the answer to COMMAND --help
 * @self: the command
 */
int command_help(const struct command *self)
{
	printf("Usage: contidctl %s", self->help);
	return DONE;
}

/**
 * command_usage - the answer to wrong arguments
 * @self: the command
 * @format: what is wrong; NULL where getopt has said it
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
	fprintf(stderr, "Usage: contidctl %.*s\nTry 'contidctl %s --help'.\n",
		(int)strcspn(self->help, "\n"), self->help, self->name);
	return USAGE;
}

/**
 * command_flags - read a command's options, of which none has a value
 * @self: the command
 * @argc: of its arguments
 * @argv: likewise; sorted, so that the others begin at optind
 * @flags: at most FLAGS, and one without a name; --help is understood besides
 *
 * Return: -1 to go on, or an exit code.
 */
int command_flags(const struct command *self, int argc, char **argv, const struct flag *flags)
{
	struct option options[FLAGS + 2] = { { "help", no_argument, NULL, 'h' } };
	char letters[FLAGS + 2] = "h";
	int c, used = 1;

	for (int i = 0; flags[i].name; i++) {
		options[i + 1] = (struct option){ flags[i].name, no_argument, NULL, WORD + i };
		if (flags[i].letter)
			letters[used++] = flags[i].letter;
	}
	while ((c = getopt_long(argc, argv, letters, options, NULL)) != -1) {
		if (c == 'h')
			return command_help(self);
		if (c == '?')
			return command_usage(self, NULL);
		for (int i = 0; flags[i].name; i++) {
			if (c == WORD + i || c == flags[i].letter)
				*flags[i].set = true;
		}
	}
	return -1;
}

/**
 * command_contid - read the container that a command's arguments name
 * @what: gets it; a random one where none is named
 * @self: the command
 * @text: what stands there, or NULL
 *
 * Return: -1 to go on, or an exit code.
 */
int command_contid(struct registration *what, const struct command *self, const char *text)
{
	const char *wrong;

	if (text) {
		wrong = contid_parse(text, &what->contid);
		return wrong ? command_usage(self, "'%s' %s", text, wrong) : -1;
	}
	if (what->join)
		return command_usage(self, "--join needs the CONTID of a live container");
	if (contid_random(&what->contid))
		return -1;
	message("no random numbers to make a CONTID from: name one");
	return REFUSED;
}
