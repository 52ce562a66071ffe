// SPDX-License-Identifier: GPL-2.0
/*
 * audit_contid - a container identifier for Linux audit
 *
 * The rooms, from the top of the house down; includes go down only.
 *
 *   device     moves bytes between callers and the rooms below
 *   watch      sees that nobody switches the probes off; selftest proves them
 *   handlers   what is seen of the kernel, and what is done then
 *   register   judges a registration; get reads one; release lets all go;
 *              target finds the process that is meant
 *   adopt      entering a container's mount namespace
 *   tree       a process with all its descendants
 *   inherit    a label's way through fork, exit and release
 *   unlabelled what begins in a PID namespace without a label
 *   signalled  a container's process signals auditd
 *   tag        which containers a record names; field puts that into its bytes,
 *              object knows which process had a number a moment ago, packet whose a
 *              packet is
 *   rate       how many records a container may cause; hold makes those wait that cause more
 *   leave      the end of a container
 *   lone       threads that are in other namespaces than the rest of their process
 *   record     writes the operations
 *   resident   which containers live in a namespace
 *   registry   remembers the processes, container the containers, home where they live
 *   name, namespaces, auditd, hooks, late, owed, parting: a label for people, a process's
 *              namespaces, which process is auditd, how probes are attached, also if their
 *              function comes late, what a handler may not do itself, whether more is to
 *              be done when a thread exits
 *   compat, widen: in what kernels differ; moments that a test makes longer
 *
 * Why locks, lifetimes and unloading are right: LOCKING.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>

#include "auditd.h"
#include "device.h"
#include "handlers.h"
#include "hold.h"
#include "late.h"
#include "lone.h"
#include "namespaces.h"
#include "object.h"
#include "owed.h"
#include "packet.h"
#include "parting.h"
#include "rate.h"
#include "record.h"
#include "registry.h"
#include "selftest.h"
#include "signalled.h"
#include "tag.h"
#include "unlabelled.h"
#include "watch.h"
#include "widen.h"

unsigned int max_depth = 4;
module_param(max_depth, uint, 0444);
MODULE_PARM_DESC(max_depth, "containers may be nested this deep (1-5)");

unsigned int max_containers = 65536;
module_param(max_containers, uint, 0444);
MODULE_PARM_DESC(max_containers, "so many containers may live at a time");

#ifdef CONFIG_KASAN
unsigned int widen;
module_param(widen, uint, 0644);
MODULE_PARM_DESC(widen, "for tests: milliseconds after each process's lock");
#endif

static int __init contid_init(void)
{
	int err;

	if (!max_depth || max_depth > AUDIT_CONTID_DEPTH_MAX) {
		pr_err("max_depth must be 1 to %d\n", AUDIT_CONTID_DEPTH_MAX);
		return -EINVAL;
	}
	err = namespaces_init();
	if (err)
		return err;
	unlabelled_init();
	tag_init();
	packet_init();
	hold_init();
	err = registry_init();
	if (err)
		return err;
	err = owed_init();
	if (err)
		goto free_registry;
	err = watch_init();
	if (err)
		goto stop_owed;
	err = hooks_init(handlers, HOOK_COUNT);
	if (err)
		goto stop_watch;
	err = signalled_init();
	if (err)
		goto detach;
	err = selftest_run();
	if (err)
		goto stop_signalled;
	err = late_init(late_handlers, LATE_COUNT);
	if (err)
		goto stop_signalled;
	err = device_init();
	if (err)
		goto detach_late;
	record_module("load", 0);
	rate_init();
	return 0;

detach_late:
	late_exit();
stop_signalled:
	signalled_exit();
detach:
	hooks_exit();
stop_watch:
	watch_exit();
stop_owed:
	owed_exit();
	auditd_exit();
free_registry:
	registry_exit();
	return err;
}

static void __exit contid_exit(void)
{
	device_exit();
	record_module("unload", containers_live());
	late_exit();
	signalled_exit();
	hooks_exit();
	hold_stop();
	watch_exit();
	owed_exit();
	auditd_exit();
	object_exit();
	lone_exit();
	hold_exit();
	/* one that nobody takes back would have made each exit cost more */
	WARN_ON_ONCE(parting_matters());
	registry_exit();
}

module_init(contid_init);
module_exit(contid_exit);
MODULE_LICENSE("GPL");
MODULE_AUTHOR("The audit_contid authors");
MODULE_DESCRIPTION("Container identifier for Linux audit");
MODULE_VERSION(AUDIT_CONTID_VERSION);
