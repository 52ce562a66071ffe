// SPDX-License-Identifier: GPL-2.0
/* LXC and Incus read one directory of configuration for all containers. */
#include "installed.h"
#include "lxc.h"

#define DIRECTORY "/usr/share/lxc/config/common.conf.d"

static const char *const programs[] = { "/usr/bin/lxc-start", "/usr/local/bin/lxc-start", NULL };

/**
 * lxc_plan - have LXC call our hook, in each container that includes common.conf
 * @plan: the plan of LXC, or of an engine that uses it
 */
void lxc_plan(struct plan *plan)
{
	plan_file(plan, DIRECTORY "/50-audit-contid.conf",
		  "# By contidctl setup: the container's first process is registered.\n"
		  "lxc.hook.start-host = %s --lxc\n",
		  installed_hook);
	if (!plan_needs(plan, installed_hook))
		return;
	if (!below_has(DIRECTORY))
		plan_wrong(plan,
			   "there is no " DIRECTORY ": write lxc.hook.start-host = %s --lxc into "
			   "the configuration of each container",
			   installed_hook);
}

const struct engine lxc_engine = {
	.name = "lxc",
	.title = "LXC",
	.programs = programs,
	.plan = lxc_plan,
};
