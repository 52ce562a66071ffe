// SPDX-License-Identifier: GPL-2.0
/* contidctl ps */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "container_json.h"
#include "device.h"
#include "holders.h"
#include "json.h"
#include "message.h"
#include "whom_lives.h"

static const struct column columns[] = {
	{ "PID", 8, .key = "pid", .help = "as a process ID of this PID namespace" },
	{ "PARENT", 8, .key = "parent", .help = "that of its parent" },
	{ "HOW", -10, .key = "how",
	  .help = "registered; inherited, from its parent; entered, by setns (nsenter,\n"
		  "podman exec)" },
	{ "CONTID", -36, .key = "contid", .help = "the innermost container that it is in" },
	{ "COMM", 0, .key = "comm" },
	{},
};

static struct json_object *holder_json(const struct holder *holder)
{
	struct json_object *out = json_object_new_object();
	struct json_object *around = json_object_new_array();

	json_add(out, "pid", json_object_new_int(holder->pid));
	json_add(out, "parent", json_object_new_int(holder->parent));
	json_add(out, "comm", json_object_new_string(holder->comm));
	json_add(out, "how", json_object_new_string(origin_name(holder->label.origin)));
	json_add(out, "contid", contid_json(&holder->label.contid[0]));
	for (unsigned int i = 1; i < holder->label.depth; i++)
		json_object_array_add(around, contid_json(&holder->label.contid[i]));
	json_add(out, "enclosed_by", around);
	return out;
}

static struct json_object *holders_json(const struct holders *holders)
{
	struct json_object *out = json_object_new_array();

	for (size_t i = 0; i < holders->count; i++)
		json_object_array_add(out, holder_json(&holders->items[i]));
	return out;
}

enum { JSON };

static const struct command_option options[] = {
	[JSON] = { "json", 0, NULL, "the same, as an array of objects" },
	{},
};

static int ps_main(const struct command *self, int argc, char **argv)
{
	bool as_json = false;
	bool *const flags[] = { [JSON] = &as_json };
	struct audit_contid contid;
	struct json_object *rows;
	struct holders holders;
	struct device device;
	int status;

	status = command_flags(self, &argc, &argv, flags);
	if (status != GO_ON)
		return status;

	if (!device_open(&device) || !whom_lives(&contid, argv[0], &device))
		return REFUSED;
	if (!holders_read(&holders, &device, &contid)) {
		message("not all processes could be looked at (%s)", strerror(errno));
		return REFUSED;
	}
	rows = holders_json(&holders);
	if (as_json)
		json_print(rows);
	else
		columns_table(columns, rows);
	holders_free(&holders);
	return DONE;
}

const struct command ps_command = {
	.name = "ps",
	.summary = "show the processes of a container, and how each came in",
	.options = options,
	.arguments = "CONTID|PREFIX|NAME",
	.least = 1,
	.most = 1,
	.missing = "of which container?",
	.help = "Print the processes of a live container, and of those nested in it.\n",
	.columns = columns,
	.more = "Exit code: 1 if no live container is meant, or more than one may be.\n",
	.main = ps_main,
};
