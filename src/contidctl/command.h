/* SPDX-License-Identifier: GPL-2.0 */
/* The commands, and what they have in common. */
#ifndef CONTIDCTL_COMMAND_H
#define CONTIDCTL_COMMAND_H

#include <stdbool.h>

struct registration;

/* exit codes */
enum { DONE, REFUSED, USAGE };

/**
 * struct command - one word after contidctl
 * @name: the word
 * @help: what --help prints, beginning with the line of its arguments
 * @main: takes the arguments from the word on, returns an exit code
 */
struct command {
	const char *name;
	const char *help;
	int (*main)(const struct command *self, int argc, char **argv);
};

extern const struct command register_command;
extern const struct command get_command;
extern const struct command run_command;
extern const struct command list_command;
extern const struct command stats_command;
extern const struct command events_command;
extern const struct command report_command;
extern const struct command monitor_command;
extern const struct command adopt_command;
extern const struct command save_command;
extern const struct command restore_command;

/**
 * struct flag - an option that is there or not
 * @name: as a word
 * @letter: as a letter, or 0
 * @set: becomes true where it is there
 */
struct flag {
	const char *name;
	int letter;
	bool *set;
};

int command_flags(const struct command *self, int argc, char **argv, const struct flag *flags);
int command_contid(struct registration *what, const struct command *self, const char *text);
int command_help(const struct command *self);
int command_usage(const struct command *self, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
