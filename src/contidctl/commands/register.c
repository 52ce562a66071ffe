// SPDX-License-Identifier: GPL-2.0
/* contidctl register */
#include <stdio.h>

#include "command.h"
#include "contid.h"
#include "message.h"
#include "processes.h"
#include "refusal.h"

static const struct command_option options[] = {
	{ .name = "join",
	  .letter = 'j',
	  .help = "into the live container CONTID; else the container is new" },
	{ .name = "tree",
	  .letter = 't',
	  .help = "and all its descendants that carry what it carries" },
	{ .name = "label",
	  .letter = 'l',
	  .argument = "TEXT",
	  .help = "what people call the new container, in at most 255 bytes" },
	{},
};

static int register_main(const struct command *self, int argc, char **argv)
{
	struct registration what = {};
	struct device device;
	char text[CONTID_TEXT];
	int status;

	status = command_options(self, &argc, &argv, command_registration_option, &what);
	if (status != GO_ON)
		return status;
	if (!pid_parse(argv[0], &what.pid))
		return command_usage(self, "'%s' is not a process number", argv[0]);
	status = command_contid(&what, self, argv[1]);
	if (status != GO_ON)
		return status;
	status = command_label(&what, self);
	if (status != GO_ON)
		return status;

	if (!command_device_open(&device, &what) || !registration_explained(&device, &what))
		return REFUSED;
	command_tell_start(&what);
	contid_format(&what.contid, text);
	if (puts(text) == EOF || fflush(stdout)) {
		/* it cannot be taken back: say at least what was done */
		message("process %d is registered as %s", what.pid, text);
		return REFUSED;
	}
	return DONE;
}

const struct command register_command = {
	.name = "register",
	.summary = "put a process into a container",
	.options = options,
	.arguments = "PID [CONTID]",
	.least = 1,
	.most = 2,
	.missing = "which process?",
	.help = "Put process PID, with all its threads, into a container, and print the\n"
		"container's ID: CONTID, or a random UUID. Its children will inherit it.\n",
	.more = "CONTID is a UUID, its 32 digits without dashes, or the 64-digit ID of a\n"
		"container runtime, of which the first 32 count.\n"
		"The records of a container's begin and end have its label as vm=.\n",
	.main = register_main,
};
