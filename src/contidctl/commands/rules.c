// SPDX-License-Identifier: GPL-2.0
/* contidctl rules */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "below.h"
#include "command.h"
#include "json.h"
#include "kernel_audit.h"
#include "message.h"
#include "preset.h"
#include "program.h"

#define NAMES	     16
#define RULES_LOCKED 2 /* audit_status.enabled after auditctl -e 2 */

enum { ROOT };

static const struct command_option options[] = {
	[ROOT] = { "root", 0, "DIR", "the files below DIR, as of another machine" },
	{},
};

/**
 * struct placed - a file of auditd's, and what was in it
 * @path: the file
 * @before: before this command
 * @done: it was changed
 */
struct placed {
	char *path;
	struct bytes before;
	bool done;
};

static bool is_installed(const char *name)
{
	char *path = preset_path(name);
	bool is = path && below_has(path);

	free(path);
	return is;
}

static const struct column columns[] = {
	{ "NAME", -12, .key = "name" },
	{ "INSTALLED", -9, .key = "installed" },
	{ "RULES", 5, .key = "rules" },
	{ "FOR", 0, .key = "summary" },
	{},
};

static int list_presets(void)
{
	struct json_object *rows = json_object_new_array();
	size_t count, listed = 0;
	char **names;

	count = preset_names(&names);
	for (size_t i = 0; i < count; i++) {
		struct json_object *row = json_object_new_object();
		struct preset preset;
		const char *wrong = preset_read(&preset, names[i]);

		if (wrong)
			message("rules: %s: %s", names[i], wrong);
		json_add(row, "name", json_object_new_string(preset.name));
		json_add(row, "installed",
			 json_object_new_string(is_installed(names[i]) ? "yes" : "no"));
		json_add_number(row, "rules", preset.rules);
		json_add(row, "summary", json_object_new_string(preset.summary));
		json_object_array_add(rows, row);
		preset_free(&preset);
		listed += !wrong;
	}
	preset_names_free(names, count);
	if (!count)
		message("rules: none are installed with contidctl");
	columns_table(columns, rows);
	return listed ? DONE : REFUSED;
}

static int show_presets(char **names, int count)
{
	int status = DONE;

	for (int i = 0; i < count; i++) {
		struct preset preset;
		const char *wrong = preset_read(&preset, names[i]);

		if (wrong) {
			message("rules: %s: %s; `contidctl rules list` has them", names[i], wrong);
			status = REFUSED;
		} else {
			fwrite(preset.text.text, 1, preset.text.length, stdout);
		}
		preset_free(&preset);
	}
	return status;
}

static bool rules_are_locked(void)
{
	struct audit_status status;

	return !kernel_audit_status(&status) && status.enabled == RULES_LOCKED;
}

/* Return: false if the kernel does not have them now. */
static bool load(void)
{
	const char *const augenrules[] = { "augenrules", "--load", NULL };

	if (!below_is_machine())
		return true;
	if (!rules_are_locked())
		return program_run_silent(augenrules);
	message("rules: they are locked (auditctl -e 2): this takes effect with the next boot");
	return true;
}

static void take_back(struct placed *placed, int count)
{
	for (int i = 0; i < count; i++) {
		const char *wrong = NULL;

		if (!placed[i].done)
			continue;
		wrong = placed[i].before.there ? below_write(placed[i].path, &placed[i].before) :
						 below_remove(placed[i].path);
		if (wrong)
			message("rules: %s: %s", placed[i].path, wrong);
	}
}

static const char *place(struct placed *placed, const char *name)
{
	struct preset preset;
	const char *wrong = preset_read(&preset, name);

	if (!wrong)
		wrong = below_read(placed->path, &placed->before);
	preset.text.stat.st_uid = geteuid();
	preset.text.stat.st_gid = getegid();
	if (!wrong)
		wrong = below_write(placed->path, &preset.text);
	placed->done = !wrong;
	if (!wrong && preset.left_out)
		message("rules: %s: %zu rules are left out, as what they are for is not on this "
			"machine: %s has them",
			name, preset.left_out, placed->path);
	preset_free(&preset);
	return wrong;
}

static const char *displace(struct placed *placed)
{
	const char *wrong = below_read(placed->path, &placed->before);

	if (!wrong && !placed->before.there)
		wrong = "is not installed";
	if (!wrong)
		wrong = below_remove(placed->path);
	placed->done = !wrong;
	return wrong;
}

/* All or none: what auditctl does not take would keep all that follows from being loaded. */
static int change(char **names, int count, bool install)
{
	struct placed placed[NAMES] = {};
	const char *wrong = NULL;
	int i;

	if (!below_has(PRESET_DIRECTORY)) {
		message("rules: there is no " PRESET_DIRECTORY ": install auditd");
		return REFUSED;
	}
	for (i = 0; i < count && !wrong; i++) {
		placed[i].path = preset_path(names[i]);
		if (!placed[i].path)
			wrong = strerror(ENOMEM);
		else
			wrong = install ? place(&placed[i], names[i]) : displace(&placed[i]);
		if (wrong)
			message("rules: %s: %s; nothing was changed", names[i], wrong);
	}
	if (!wrong && !load()) {
		wrong = "not loaded";
		message("rules: augenrules --load has failed, and all is as it was before: try "
			"`auditctl -l`; a rule may be there twice");
	}
	if (wrong) {
		take_back(placed, count);
		load();
	}
	for (i = 0; i < count; i++) {
		if (!wrong)
			printf("%s %s\n", install ? "installed" : "removed", placed[i].path);
		bytes_free(&placed[i].before);
		free(placed[i].path);
	}
	return wrong ? REFUSED : DONE;
}

static int rules_option(void *data, const struct command *self, int option, char *value)
{
	(void)data;
	(void)self;
	(void)option;
	below_set(value);
	return GO_ON;
}

static int rules_main(const struct command *self, int argc, char **argv)
{
	const char *verb;
	int status;

	status = command_options(self, &argc, &argv, rules_option, NULL);
	if (status != GO_ON)
		return status;
	verb = argc ? *argv++ : "list";
	argc -= argc > 0;
	if (!strcmp(verb, "list"))
		return argc ? command_usage(self, "list takes no name") : list_presets();
	if (strcmp(verb, "show") && strcmp(verb, "install") && strcmp(verb, "remove"))
		return command_usage(self, "'%s' is none of list, show, install and remove", verb);
	if (!argc)
		return command_usage(self, "which rules? `contidctl rules list` has them");
	if (!strcmp(verb, "show"))
		return show_presets(argv, argc);
	if (geteuid()) {
		message("rules: only root may change them");
		return REFUSED;
	}
	return change(argv, argc, !strcmp(verb, "install"));
}

const struct command rules_command = {
	.name = "rules",
	.summary = "install audit rules by purpose: exec, stig, pci, ...",
	.options = options,
	.arguments = "[list|show|install|remove] [NAME...]",
	.most = NAMES,
	.help = "list the sets of audit rules that come with contidctl (this is the default),\n"
		"show one as it would be on this machine, install it for auditd, or remove it.\n"
		"Each rule says which requirement it is for. Installing puts a file into\n"
		"/etc/audit/rules.d and loads all that is in there (augenrules --load). If they\n"
		"cannot be loaded, all is put back as it was.\n",
	.more = "A rule for a file whose directory is not here is left out, and so is a system\n"
		"call that this machine does not have: install again when that has changed.\n"
		"With --root nothing is loaded.\n",
	.main = rules_main,
};
