// SPDX-License-Identifier: GPL-2.0
/* contidctl adopt */
#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "adopt_print.h"
#include "adopt_watch.h"
#include "command.h"
#include "message.h"

enum { DRY_RUN, JSON, WATCH };

static const struct command_option options[] = {
	[DRY_RUN] = { "dry-run", 'n', NULL, "print the same, and change nothing" },
	[JSON] = { "json", 0, NULL, "the same, as an object" },
	[WATCH] = { "watch", 'w', NULL, "go on, and adopt what nobody registers, within a second" },
	{},
};

static int adopt_main(const struct command *self, int argc, char **argv)
{
	/* this process ends with the run: nothing in here is freed */
	struct adoption adoption = {};
	bool json = false, watch = false, ok;
	bool *const flags[] = {
		[DRY_RUN] = &adoption.dry_run,
		[JSON] = &json,
		[WATCH] = &watch,
	};
	int status;

	status = command_flags(self, &argc, &argv, flags);
	if (status != GO_ON)
		return status;

	if (watch && (json || adoption.dry_run))
		return command_usage(self, "--watch goes without --json and --dry-run");
	if (watch)
		return adopt_watch();
	if (!device_open(&adoption.device))
		return REFUSED;
	if (!(adoption.device.info.features & AUDIT_CONTID_FEATURE_TREE) && !adoption.dry_run) {
		message("the loaded module (version %s) cannot register trees: install a newer one",
			adoption.device.info.module_version);
		return REFUSED;
	}
	ok = adoption.dry_run ? adoption_look(&adoption) : adoption_do(&adoption);
	if (!ok)
		message("not all processes could be looked at: run this again (%s)",
			strerror(errno));
	if (json)
		adopt_print_json(&adoption);
	else
		adopt_print(&adoption);
	return ok && adoption_is_complete(&adoption) ? DONE : REFUSED;
}

const struct command adopt_command = {
	.name = "adopt",
	.summary = "register the containers that run already",
	.options = options,
	.help = "Find the containers that run already, and register each with its own ID:\n"
		"podman, docker, CRI-O, containerd, LXC and systemd-nspawn, by the names of\n"
		"their cgroups. Every process in the container's cgroup or in its mount\n"
		"namespace is joined to it. Print what was done, what could not be done, and\n"
		"what cannot be known. A container that is registered already stays as it is;\n"
		"processes that were left out of it are joined.\n",
	.columns = adopt_columns,
	.more = "With --watch each container that is registered is a line on stdout. A record\n"
		"op=unlabelled wakes it; if audit cannot be listened to, it looks each second.\n"
		"\n"
		"Exit code: 1 if something could not be done.\n",
	.main = adopt_main,
};
