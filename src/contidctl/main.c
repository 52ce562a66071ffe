// SPDX-License-Identifier: GPL-2.0
/* contidctl: registers containers with audit_contid, and shows them. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "message.h"

static const struct option options[] = {
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{},
};

static const struct command *const commands[] = {
	&register_command, &run_command,    &get_command,     &list_command,
	&stats_command,	   &events_command, &report_command,  &monitor_command,
	&adopt_command,	   &save_command,   &restore_command,
};

#define COMMANDS (sizeof(commands) / sizeof(*commands))

static void print_overview(FILE *to)
{
	fputs("Usage: contidctl COMMAND\n", to);
	for (size_t i = 0; i < COMMANDS; i++) {
		const char *help = commands[i]->help;

		fprintf(to, "       contidctl %.*s\n", (int)strcspn(help, "\n"), help);
	}
	fputs("\n"
	      "Gives processes a container ID, which the kernel then writes into every audit\n"
	      "record they cause, and shows which containers there are.\n"
	      "\n"
	      "  -h, --help     this text; after a COMMAND, what that does\n"
	      "  -V, --version  the version\n"
	      "\n"
	      "Exit codes: 0 done, 1 refused (stderr says why), 2 usage; `run` ends as its\n"
	      "command does. `events` and `report` read the audit log, `monitor`\n"
	      "needs CAP_AUDIT_READ; the others need the module audit_contid and\n"
	      "CAP_AUDIT_CONTROL.\n",
	      to);
}

/*
 * Where one of the three is closed, a file opened later must not take its place:
 * what is printed would go there. What stands in fails in the same way, and is
 * closed again for a command that is run.
 */
static void occupy_standard_fds(void)
{
	for (int fd = 0; fd <= 2; fd++) {
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
			open("/dev/null", (fd ? O_RDONLY : O_WRONLY) | O_CLOEXEC);
	}
}

/* What could not be printed was not done. */
static int finish(int status)
{
	int err = fflush(stdout) ? errno : 0;
	bool failed = ferror(stdout);

	if (fclose(stdout) && !err)
		err = errno;
	if (!failed && !err)
		return status;
	message("the output could not be written: %s", strerror(err ?: EIO));
	return status == DONE ? REFUSED : status;
}

int main(int argc, char **argv)
{
	char *program = argv[0];
	int c;

	occupy_standard_fds();
	while ((c = getopt_long(argc, argv, "+hV", options, NULL)) != -1) {
		switch (c) {
		case 'h':
			print_overview(stdout);
			return finish(DONE);
		case 'V':
			puts("contidctl " VERSION);
			return finish(DONE);
		default:
			print_overview(stderr);
			return USAGE;
		}
	}
	argc -= optind;
	argv += optind;
	for (size_t i = 0; argc && i < COMMANDS; i++) {
		if (!strcmp(argv[0], commands[i]->name)) {
			argv[0] = program; /* for getopt's messages */
			optind = 0; /* it begins anew */
			return finish(commands[i]->main(commands[i], argc, argv));
		}
	}
	if (argc)
		message("there is no command '%s'", argv[0]);
	print_overview(stderr);
	return USAGE;
}
