/* SPDX-License-Identifier: GPL-2.0 */
/* A command's options, described once: for getopt, for its usage and for --help. */
#ifndef CONTIDCTL_OPTIONS_H
#define CONTIDCTL_OPTIONS_H

#include <stdbool.h>
#include <stdio.h>

/**
 * struct command_option - an option of a command
 * @name: as a word, without the dashes
 * @letter: as a letter; 0 if it has none
 * @argument: what its argument is called; NULL if it takes none
 * @help: what it does, in one line
 * @many: it may be given several times, and each counts
 * @needed: the command asks for it, if it is not there
 *
 * A table of them ends with one that has no name. Every command understands --help;
 * no table has it.
 */
struct command_option {
	const char *name;
	int letter;
	const char *argument;
	const char *help;
	bool many;
	bool needed;
};

/* what options_next() returns besides places in the table */
enum { OPTIONS_END = -1, OPTION_HELP = -2, OPTION_WRONG = -3 };

int options_next(const struct command_option *options, int argc, char **argv);
void options_usage(const struct command_option *options, FILE *to);
void options_help(const struct command_option *options);

#endif
