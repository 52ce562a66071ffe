// SPDX-License-Identifier: GPL-2.0
/* contidctl doctor */
#include "command.h"
#include "examination.h"

enum { JSON };

static const struct command_option options[] = {
	[JSON] = { "json", 0, NULL, "an array with an object for each line" },
	{},
};

static int doctor_main(const struct command *self, int argc, char **argv)
{
	bool json = false;
	bool *const flags[] = { [JSON] = &json };
	int status;

	status = command_flags(self, &argc, &argv, flags);
	if (status != GO_ON)
		return status;
	/* these are exit codes of its own */
	switch (examine(json)) {
	case VERDICT_FAIL:
		return 2;
	case VERDICT_WARN:
		return 1;
	default:
		return 0;
	}
}

const struct command doctor_command = {
	.name = "doctor",
	.summary = "check all that must hold for records to be complete",
	.options = options,
	.help = "Look at the module, the kernel's audit, auditd and its log, the engines and the\n"
		"containers that run. Print a line for each thing that must hold: the verdict,\n"
		"its name, what was found, and behind -> what to type or to change. Nothing is\n"
		"changed. Root of the host sees everything.\n",
	.more = "  ok     it holds\n"
		"  WARN   records may be missing or hard to read\n"
		"  FAIL   records are missing, or nothing carries an ID\n"
		"  -      it cannot be known before another line holds\n"
		"\n"
		"Exit code: 0 if all holds, 1 after a WARN, 2 after a FAIL.\n",
	.main = doctor_main,
};
