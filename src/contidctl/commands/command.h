/* SPDX-License-Identifier: GPL-2.0 */
/* The commands, and what they have in common. */
#ifndef CONTIDCTL_COMMAND_H
#define CONTIDCTL_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

#include "columns.h"
#include "options.h"

struct device;
struct registration;

/* exit codes */
enum { DONE, REFUSED, USAGE };

/* what functions return that could have answered, and leave a command to go on */
#define GO_ON (-1)

/**
 * struct command - one word after contidctl
 * @name: the word
 * @summary: what it does, in a few words: its line in contidctl --help
 * @options: the options that it understands; NULL if none but --help
 * @arguments: what stands behind the options, as the line of usage has it; may be NULL
 * @least: so many arguments are needed
 * @most: no more may be there
 * @missing: what is asked if there are less
 * @help: what --help prints before the options
 * @columns: what it prints for people, explained behind the options; may be NULL
 * @more: what --help prints in the end; may be NULL
 * @main: takes the arguments from the word on, returns an exit code
 */
struct command {
	const char *name;
	const char *summary;
	const struct command_option *options;
	const char *arguments;
	int least;
	int most;
	const char *missing;
	const char *help;
	const struct column *columns;
	const char *more;
	int (*main)(const struct command *self, int argc, char **argv);
};

extern const struct command register_command;
extern const struct command get_command;
extern const struct command run_command;
extern const struct command list_command;
extern const struct command ps_command;
extern const struct command top_command;
extern const struct command stats_command;
extern const struct command rate_command;
extern const struct command events_command;
extern const struct command report_command;
extern const struct command tree_command;
extern const struct command sessions_command;
extern const struct command monitor_command;
extern const struct command adopt_command;
extern const struct command save_command;
extern const struct command restore_command;
extern const struct command setup_command;
extern const struct command rules_command;
extern const struct command doctor_command;
extern const struct command check_command;
extern const struct command feed_command;

int command_options(const struct command *self, int *argc, char ***argv,
		    int (*take)(void *data, const struct command *self, int option, char *value),
		    void *data);
int command_flags(const struct command *self, int *argc, char ***argv, bool *const flags[]);
int command_contid(struct registration *what, const struct command *self, const char *text);
int command_registration_option(void *data, const struct command *self, int option, char *value);
int command_label(const struct registration *what, const struct command *self);
bool command_device_open(struct device *device, const struct registration *what);
void command_tell_start(const struct registration *what);
int command_usage(const struct command *self, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
