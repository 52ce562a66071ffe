// SPDX-License-Identifier: GPL-2.0
/* Incus and LXD include LXC's directory; their virtual machines are none of ours. */
#include <stddef.h>

#include "lxc.h"

static const char *const programs[] = {
	"/usr/bin/incusd",	 "/usr/sbin/incusd", "/usr/libexec/incus/incusd",
	"/usr/lib/incus/incusd", "/usr/bin/lxd",     NULL,
};

const struct engine incus_engine = {
	.name = "incus",
	.title = "Incus",
	.programs = programs,
	.plan = lxc_plan,
};
