// SPDX-License-Identifier: GPL-2.0
#include <stddef.h>

#include "hooks_directory.h"

static const char *const programs[] = {
	"/usr/bin/crio",
	"/usr/local/bin/crio",
	"/usr/libexec/crio/crio",
	NULL,
};

static const char *const configurations[] = {
	"/etc/crio/crio.conf",
	"/etc/crio/crio.conf.d",
	NULL,
};

static void plan(struct plan *plan)
{
	hooks_directory_plan(plan, configurations);
	/* it reads the directory when it starts, and watches it from then on if it was there */
	plan->then = "if it does not know the hook yet: systemctl restart crio";
}

const struct engine crio_engine = {
	.name = "crio",
	.title = "CRI-O",
	.programs = programs,
	.plan = plan,
};
