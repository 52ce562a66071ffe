// SPDX-License-Identifier: GPL-2.0
/* contidctl get */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "command.h"
#include "contid.h"
#include "live.h"
#include "message.h"
#include "names.h"
#include "printable.h"
#include "processes.h"
#include "refusal.h"

/* Its label, or if it has none, what an engine calls it here. */
static void print_name(const struct device *device, const struct audit_contid *contid,
		       struct names *names)
{
	char label[LABEL_TEXT], id[CONTID_TEXT], *shown = NULL;
	const char *name = NULL;

	live_label(device, contid, label);
	contid_format(contid, id);
	if (*label)
		name = shown = printable(label);
	else if (names)
		name = names_of(names, (struct slice){}, id, NAMES_NOW);
	if (name)
		printf(" (%s)", name);
	free(shown);
}

enum { NAMES };

static const struct command_option options[] = {
	[NAMES] = { "names", 0, NULL, "with what people call each container, in parentheses" },
	{},
};

static int get_main(const struct command *self, int argc, char **argv)
{
	struct audit_contid_get arg;
	struct device device;
	char text[CONTID_TEXT], why[REFUSAL_TEXT];
	struct registration what = {};
	bool with_names = false;
	bool *const flags[] = { [NAMES] = &with_names };
	struct names *names;
	int status;

	status = command_flags(self, &argc, &argv, flags);
	if (status != GO_ON)
		return status;
	if (!pid_parse(argv[0], &what.pid))
		return command_usage(self, "'%s' is not a process number", argv[0]);

	if (!device_open(&device))
		return REFUSED;
	if (contid_get(device.fd, what.pid, AUDIT_CONTID_PID, &arg)) {
		refusal_format(&device, &what, errno, why);
		message("%s", why);
		return REFUSED;
	}
	names = with_names ? names_new(true) : NULL;
	for (unsigned int i = 0; i < arg.depth && i < AUDIT_CONTID_DEPTH_MAX; i++) {
		contid_format(&arg.contid[i], text);
		printf("%s%s", i ? ",^" : "", text);
		if (with_names)
			print_name(&device, &arg.contid[i], names);
	}
	names_free(names);
	puts(arg.depth ? "" : "-1");
	return arg.depth ? DONE : REFUSED;
}

const struct command get_command = {
	.name = "get",
	.summary = "show which container a process is in",
	.options = options,
	.arguments = "PID",
	.least = 1,
	.most = 1,
	.missing = "which process?",
	.help = "Print the container ID of process PID, nearest first, with those that\n"
		"enclose it marked by ^: B,^A. If it carries none print -1 and end\n"
		"with exit code 1.\n",
	.main = get_main,
};
