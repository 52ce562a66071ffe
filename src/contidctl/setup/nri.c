// SPDX-License-Identifier: GPL-2.0
/*
 * For a cluster that is not to have another runtime: our plugin of NRI starts with the
 * engine, which no file of the engine's is changed for. It sees what Kubernetes starts, and
 * nothing else: so it is set up by its name alone.
 */
#include <stddef.h>

#include "engines.h"
#include "installed.h"
#include "unit.h"

#define CONTAINERD "containerd.service"
#define CRIO	   "crio.service"

static const char *const programs[] = {
	"/usr/bin/containerd",
	"/usr/local/bin/containerd",
	"/usr/bin/crio",
	"/usr/local/bin/crio",
	NULL,
};

static void plan_drop_in(struct plan *plan, const char *unit, const char *path)
{
	/* one that is left from an engine that is gone can be undone */
	if (unit_is_there(unit) || below_has(path))
		plan_file(plan, path,
			  "# By contidctl setup: what Kubernetes starts is registered by NRI.\n"
			  "[Unit]\n"
			  "Wants=audit-contid-nri.service\n");
}

static void plan(struct plan *plan)
{
	plan_drop_in(plan, CONTAINERD,
		     "/etc/systemd/system/" CONTAINERD ".d/audit-contid-nri.conf");
	plan_drop_in(plan, CRIO, "/etc/systemd/system/" CRIO ".d/audit-contid-nri.conf");
	plan->drop_in = true;
	plan->then = "to begin with it: systemctl start audit-contid-nri; containerd has NRI since "
		     "1.7, and before 2.0 switched off: see its configuration";
	if (!plan->count)
		plan_wrong(plan, "there is neither " CONTAINERD " nor " CRIO
				 ": type `systemctl enable --now audit-contid-nri`");
	else if (!unit_is_there("audit-contid-nri.service"))
		plan_wrong(plan, "there is no unit audit-contid-nri.service: type `make install`, "
				 "or install the package audit-contid-tools");
	else
		plan_needs(plan, installed_nri);
}

const struct engine nri_engine = {
	.name = "nri",
	.title = "NRI",
	.programs = programs,
	.by_name = true,
	.plan = plan,
};
