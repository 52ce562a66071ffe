// SPDX-License-Identifier: GPL-2.0
/* contidctl register */
#include <getopt.h>
#include <stdio.h>

#include "command.h"
#include "contid.h"
#include "message.h"
#include "registration.h"

static int register_main(const struct command *self, int argc, char **argv)
{
	struct registration what = {};
	struct device device;
	char text[CONTID_TEXT];
	const struct flag flags[] = {
		{ "join", 'j', &what.join },
		{ "tree", 't', &what.tree },
		{},
	};
	int status;

	status = command_flags(self, argc, argv, flags);
	if (status >= 0)
		return status;
	argc -= optind;
	argv += optind;
	if (argc < 1 || argc > 2)
		return command_usage(self, argc ? "too many arguments" : "which process?");
	if (!pid_parse(argv[0], &what.pid))
		return command_usage(self, "'%s' is not a process number", argv[0]);
	status = command_contid(&what, self, argv[1]);
	if (status >= 0)
		return status;

	if (!device_open(&device) || !registration_do(&device, &what))
		return REFUSED;
	contid_format(&what.contid, text);
	if (puts(text) == EOF || fflush(stdout)) {
		/* it can not be taken back: tell at least what was done */
		message("process %d is registered as %s", what.pid, text);
		return REFUSED;
	}
	return DONE;
}

const struct command register_command = {
	.name = "register",
	.help = "register [--join] [--tree] PID [CONTID]\n"
		"Put process PID, with all its threads, into a container, and print the\n"
		"container's ID: CONTID, or a random UUID. Its children will inherit it.\n"
		"\n"
		"  -j, --join  into the live container CONTID; else the container is new\n"
		"  -t, --tree  and all its descendants that carry what it carries\n"
		"  -h, --help  this text\n"
		"\n"
		"CONTID is a UUID, its 32 digits without dashes, or the 64-digit ID of a\n"
		"container runtime, of which the first 32 count.\n",
	.main = register_main,
};
