// SPDX-License-Identifier: GPL-2.0
/*
 * containerd's shim looks for "runc" in its PATH. A drop-in of the unit puts a directory in
 * front in which our program has that name. So all that containerd starts is covered, `ctr
 * run` and Docker's containers too, and no file of the site's is changed.
 *
 * A file that `imports` names is no way: up to containerd 1.7 what such a file says of a
 * plugin takes the place of all that the site's own file says of it, and with it the
 * site's settings for Kubernetes.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engines.h"
#include "installed.h"
#include "unit.h"

#define UNIT "containerd.service"

static const char *const programs[] = { "/usr/bin/containerd", "/usr/local/bin/containerd", NULL };

static const char *const configurations[] = {
	"/etc/containerd/config.toml",
	"/etc/containerd/conf.d",
};

/* A BinaryName that is not empty, and neither our program nor found by PATH. */
static bool names_another(const char *text)
{
	const char *value = strchr(text, '=');

	value = value ? value + 1 + strspn(value + 1, " \t") : "";
	if (!*value || value[1] == *value)
		return false;
	return !strstr(value, "/" RUNTIME_NAME) &&
	       strncmp(value + 1, "runc", strcspn(value + 1, "\"'"));
}

static void look_at_configuration(struct plan *plan, const char *path)
{
	struct line line;

	if (plan->limit || !lines_find_such(path, "BinaryName", names_another, &line))
		return;
	if (asprintf(&plan->limit,
		     "what %s starts by %s is registered if that program calls runc by its name; "
		     "else put its path into /etc/audit-contid/runtime.conf, and write %s there",
		     line.path, line.text, installed_runtime) < 0)
		abort();
	line_free(&line);
}

static void plan(struct plan *plan)
{
	struct line line;

	plan_file(
		plan, "/etc/systemd/system/" UNIT ".d/audit-contid.conf",
		"# By contidctl setup: runc is found there first, and is " RUNTIME_NAME ".\n"
		"[Service]\n"
		"Environment=PATH=%s:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n",
		installed_names);
	plan->drop_in = true;
	plan->then = "to begin with it (containers go on meanwhile): systemctl restart containerd";
	if (!plan_needs(plan, installed_runtime) || !plan_needs(plan, installed_runc) ||
	    !plan_needs(plan, installed_hook))
		return;
	if (!unit_is_there(UNIT)) {
		plan_wrong(plan,
			   "there is no " UNIT ": start containerd with %s in front of its PATH",
			   installed_names);
		return;
	}
	if (unit_has(UNIT, "PATH=", &line)) {
		plan_wrong(plan, "%s has %s: put %s in front of that PATH", line.path, line.text,
			   installed_names);
		line_free(&line);
		return;
	}
	for (size_t i = 0; i < sizeof(configurations) / sizeof(*configurations); i++)
		look_at_configuration(plan, configurations[i]);
}

const struct engine containerd_engine = {
	.name = "containerd",
	.title = "containerd",
	.programs = programs,
	.plan = plan,
};
