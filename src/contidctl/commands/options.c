// SPDX-License-Identifier: GPL-2.0
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "options.h"

#define OPTIONS 24 /* the most that a command has; tests/suites/contidctl/words tries each */
#define WORD	256 /* what getopt says for the first word, and so on: no letter */
#define LEFT	64 /* of a line of --help */

static const struct command_option help_option = { .name = "help",
						   .letter = 'h',
						   .help = "this text" };

/**
 * options_next - read the next option of the command line
 * @options: the table; NULL is an empty one
 * @argc: of the command line
 * @argv: likewise; sorted, so that the arguments begin at optind in the end
 *
 * Return: the option's place in the table, with its argument in optarg; OPTIONS_END;
 * OPTION_HELP; or OPTION_WRONG, and getopt has printed why.
 */
int options_next(const struct command_option *options, int argc, char **argv)
{
	struct option words[OPTIONS + 2] = { { "help", no_argument, NULL, 'h' } };
	char letters[2 * OPTIONS + 2] = "h";
	size_t used = 1;
	int c, count = 0;

	for (; options && count < OPTIONS && options[count].name; count++) {
		const struct command_option *option = &options[count];

		words[count + 1] = (struct option){
			.name = option->name,
			.has_arg = option->argument ? required_argument : no_argument,
			.val = WORD + count,
		};
		if (option->letter)
			letters[used++] = option->letter;
		if (option->letter && option->argument)
			letters[used++] = ':';
	}
	c = getopt_long(argc, argv, letters, words, NULL);
	if (c == -1)
		return OPTIONS_END;
	if (c == 'h')
		return OPTION_HELP;
	for (int i = 0; i < count; i++) {
		if (c == WORD + i || c == options[i].letter)
			return i;
	}
	return OPTION_WRONG;
}

/**
 * options_usage - print the options as the line of usage has them
 * @options: the table; NULL is an empty one
 * @to: the stream
 */
void options_usage(const struct command_option *options, FILE *to)
{
	for (; options && options->name; options++)
		fprintf(to, " %s--%s%s%s%s%s", options->needed ? "" : "[", options->name,
			options->argument ? " " : "", options->argument ?: "",
			options->needed ? "" : "]", options->many ? "..." : "");
}

static int left_format(const struct command_option *option, char text[LEFT])
{
	char letter[] = "    ";

	if (option->letter)
		snprintf(letter, sizeof(letter), "-%c, ", option->letter);
	return snprintf(text, LEFT, "%s--%s%s%s", letter, option->name, option->argument ? " " : "",
			option->argument ?: "");
}

static void print_line(const struct command_option *option, int width)
{
	char left[LEFT];

	left_format(option, left);
	printf("  %-*s  %s\n", width, left, option->help);
}

/**
 * options_help - print a line for each option, and one for --help
 * @options: the table; NULL is an empty one
 */
void options_help(const struct command_option *options)
{
	const struct command_option *option;
	char left[LEFT];
	int width = left_format(&help_option, left);

	for (option = options; option && option->name; option++) {
		int length = left_format(option, left);

		if (length > width)
			width = length;
	}
	for (option = options; option && option->name; option++)
		print_line(option, width);
	print_line(&help_option, width);
}
