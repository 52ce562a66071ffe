// SPDX-License-Identifier: GPL-2.0
/* podman and CRI-O read one directory of hooks. */
#include <stddef.h>

#include "hooks_directory.h"

static const char *const programs[] = { "/usr/bin/podman", "/usr/local/bin/podman", NULL };

static const char *const configurations[] = {
	"/etc/containers/containers.conf",
	"/etc/containers/containers.conf.d",
	"/usr/share/containers/containers.conf",
	NULL,
};

static void plan(struct plan *plan)
{
	hooks_directory_plan(plan, configurations);
}

const struct engine podman_engine = {
	.name = "podman",
	.title = "podman",
	.programs = programs,
	.plan = plan,
};
