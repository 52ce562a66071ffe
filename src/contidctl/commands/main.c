// SPDX-License-Identifier: GPL-2.0
/* contidctl: registers containers with audit_contid, and shows them. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"
#include "message.h"

static const struct option options[] = {
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{},
};

static const struct command *const commands[] = {
	&register_command, &run_command,      &get_command,	&list_command,	 &ps_command,
	&top_command,	   &stats_command,    &rate_command,	&events_command, &report_command,
	&tree_command,	   &sessions_command, &monitor_command, &adopt_command,	 &save_command,
	&restore_command,  &setup_command,    &rules_command,	&doctor_command, &check_command,
	&feed_command,
};

#define COMMANDS (sizeof(commands) / sizeof(*commands))

static void print_overview(FILE *to)
{
	fputs("Usage: contidctl COMMAND [OPTION...] [ARGUMENT...]\n"
	      "Gives processes a container ID, which the kernel then writes into every audit\n"
	      "record they cause, and shows which containers there are.\n"
	      "\n",
	      to);
	for (size_t i = 0; i < COMMANDS; i++)
		fprintf(to, "  contidctl %-9s %s\n", commands[i]->name, commands[i]->summary);
	fputs("\n"
	      "  -h, --help     this text; after a COMMAND, what that does\n"
	      "  -V, --version  the version\n"
	      "\n"
	      "Exit codes: 0 done; 1 refused, or nothing found (stderr says why); 2 usage;\n"
	      "`run` ends as its command does, and `doctor` with 2 after a FAIL.\n"
	      "`events`, `report`, `tree`, `sessions` and `check` read the audit log, `feed`\n"
	      "standard input; `monitor` needs CAP_AUDIT_READ; `setup` and `rules` change files\n"
	      "of root's; `doctor` needs nothing; the others need the module audit_contid and\n"
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

/* Whoever reads a pipe sees each line when it is printed. */
static void set_buffering(void)
{
	struct stat stat;

	if (!fstat(STDOUT_FILENO, &stat) && (S_ISFIFO(stat.st_mode) || S_ISSOCK(stat.st_mode)))
		setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
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
	set_buffering();
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
