// SPDX-License-Identifier: GPL-2.0
#include <stddef.h>

#include "engines.h"

static const char *const programs[] = { "/usr/bin/systemd-nspawn", NULL };

/*
 * A drop-in of systemd-nspawn@.service could only replace its ExecStart=. The program in
 * front would be the unit's main process, whose messages systemd waits for and whose end
 * 133 means a reboot; the unit's DevicePolicy=closed hides the device; and without the
 * module no container would start, whatever oci-hook.conf says.
 */
static void plan(struct plan *plan)
{
	plan_wrong(plan, "systemd-nspawn calls no hook on the host: type `contidctl run -- "
			 "systemd-nspawn ...` for a container from its first instruction on, or "
			 "`contidctl adopt` for those that run");
}

const struct engine nspawn_engine = {
	.name = "nspawn",
	.title = "systemd-nspawn",
	.programs = programs,
	.by_hand = true,
	.plan = plan,
};
