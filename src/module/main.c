// SPDX-License-Identifier: GPL-2.0
/*
 * audit_contid - a container identifier for Linux audit
 *
 * The rooms: device.c moves bytes, register.c judges a registration, target.c
 * finds its process and tree.c its descendants. registry.c remembers the
 * processes, container.c the containers, namespaces.c reads a process's
 * namespaces and home.c knows who lives in one. inherit.c follows fork, exit and
 * release, adopt.c who enters a namespace; release.c lets all containers go.
 * field.c puts contid= into records, object.c says whom a signal was meant for,
 * record.c writes the operations. hooks.c attaches the probes, selftest.c proves
 * them, watch.c sees that nobody switches them off. Why locks, lifetimes and
 * unloading are right: LOCKING.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>

#include "device.h"
#include "hooks.h"
#include "namespaces.h"
#include "object.h"
#include "record.h"
#include "registry.h"
#include "selftest.h"
#include "watch.h"

unsigned int max_depth = 4;
module_param(max_depth, uint, 0444);
MODULE_PARM_DESC(max_depth, "containers may be nested this deep (1-5)");

unsigned int max_containers = 65536;
module_param(max_containers, uint, 0444);
MODULE_PARM_DESC(max_containers, "so many containers may live at a time");

static int __init contid_init(void)
{
	int err;

	if (!max_depth || max_depth > AUDIT_CONTID_DEPTH_MAX) {
		pr_err("max_depth must be 1 to %d\n", AUDIT_CONTID_DEPTH_MAX);
		return -EINVAL;
	}
	namespaces_init();
	err = registry_init();
	if (err)
		return err;
	err = record_init();
	if (err)
		goto free_registry;
	err = watch_init();
	if (err)
		goto stop_records;
	err = hooks_init();
	if (err)
		goto stop_watch;
	err = selftest_run();
	if (err)
		goto detach;
	err = device_init();
	if (err)
		goto detach;
	record_module("load", 0);
	return 0;

detach:
	hooks_exit();
stop_watch:
	watch_exit();
stop_records:
	record_exit();
free_registry:
	registry_exit();
	return err;
}

static void __exit contid_exit(void)
{
	device_exit();
	record_module("unload", registry_containers());
	hooks_exit();
	watch_exit();
	record_exit();
	object_exit();
	registry_exit();
}

module_init(contid_init);
module_exit(contid_exit);
MODULE_LICENSE("GPL");
MODULE_AUTHOR("The audit_contid authors");
MODULE_DESCRIPTION("Container identifier for Linux audit");
MODULE_VERSION(AUDIT_CONTID_VERSION);
