// SPDX-License-Identifier: GPL-2.0
/* contidctl adopt */
#include <errno.h>
#include <getopt.h>
#include <stddef.h>
#include <string.h>

#include "adoption.h"
#include "command.h"
#include "message.h"

static bool look_only(struct adoption *adoption)
{
	struct proc_list procs;
	bool ok;

	if (!proc_list_read(&procs))
		return false;
	ok = found_list_update(&adoption->found, &procs) && adoption_plan(adoption, &procs);
	proc_list_free(&procs);
	return ok;
}

static int adopt_main(const struct command *self, int argc, char **argv)
{
	/* this process ends with the run: nothing in here is freed */
	struct adoption adoption = {};
	bool json = false, ok;
	const struct flag flags[] = {
		{ "dry-run", 'n', &adoption.dry_run },
		{ "json", 0, &json },
		{},
	};
	int status;

	status = command_flags(self, argc, argv, flags);
	if (status >= 0)
		return status;
	if (argc != optind)
		return command_usage(self, "too many arguments");

	if (!device_open(&adoption.device))
		return REFUSED;
	if (!(adoption.device.info.features & AUDIT_CONTID_FEATURE_TREE) && !adoption.dry_run) {
		message("the loaded module (version %s) can not register trees: install a newer one",
			adoption.device.info.module_version);
		return REFUSED;
	}
	mount_ns_read(0, &adoption.found.self);
	mount_ns_read(1, &adoption.found.host);
	ok = adoption.dry_run ? look_only(&adoption) : adoption_do(&adoption);
	if (!ok)
		message("%s: not all processes could be looked at: run this again",
			strerror(errno));
	if (json)
		adoption_print_json(&adoption);
	else
		adoption_print(&adoption);
	return ok && adoption_is_complete(&adoption) ? DONE : REFUSED;
}

const struct command adopt_command = {
	.name = "adopt",
	.help = "adopt [--dry-run] [--json]\n"
		"Find the containers that run already, and register each with its own ID:\n"
		"podman, docker, CRI-O, containerd, LXC and systemd-nspawn, by the names of\n"
		"their cgroups. Everybody in the container's cgroup or in its mount namespace\n"
		"is joined to it. Print what was done, what could not be, and what can not\n"
		"be known. What is registered already stays as it is; who was left out of it\n"
		"is joined.\n"
		"\n"
		"  -n, --dry-run  print the same, and change nothing\n"
		"      --json     the same, as an object\n"
		"  -h, --help     this text\n"
		"\n"
		"  CONTID     the first 32 of the runtime's 64 digits; where it only has names,\n"
		"             a UUID made of that (version 5)\n"
		"  INIT       the first process\n"
		"  PROCESSES  that were found in it, without those of containers inside of it\n"
		"  JOINED     those of them that do not descend from the first, and carried\n"
		"             nothing of it\n"
		"\n"
		"Exit code: 1 where something could not be done.\n",
	.main = adopt_main,
};
