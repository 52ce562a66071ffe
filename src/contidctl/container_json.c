// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>

#include "container_json.h"
#include "contid.h"
#include "json.h"
#include "live.h"

const char *const container_namespaces[AUDIT_CONTID_NS_COUNT] = {
	[AUDIT_CONTID_NS_MNT] = "mnt",	     [AUDIT_CONTID_NS_PID] = "pid",
	[AUDIT_CONTID_NS_NET] = "net",	     [AUDIT_CONTID_NS_USER] = "user",
	[AUDIT_CONTID_NS_UTS] = "uts",	     [AUDIT_CONTID_NS_IPC] = "ipc",
	[AUDIT_CONTID_NS_CGROUP] = "cgroup", [AUDIT_CONTID_NS_TIME] = "time",
};

/**
 * container_device_is_known - the device of the namespaces' file system
 * @c: the container
 *
 * nsfs has major 0: that alone does not say that it is not known.
 */
bool container_device_is_known(const struct audit_contid_container *c)
{
	return c->ns_dev_major || c->ns_dev_minor;
}

/**
 * container_json - all that the module tells of a container
 * @c: the container
 */
struct json_object *container_json(const struct audit_contid_container *c)
{
	struct json_object *out = json_object_new_object();
	struct json_object *ns = json_object_new_object();
	char text[CONTID_TEXT];

	contid_format(&c->contid, text);
	json_add(out, "contid", json_object_new_string(text));
	contid_format(&c->parent, text);
	json_add(out, "parent", c->depth > 1 ? json_object_new_string(text) : NULL);
	json_add_number(out, "depth", c->depth);
	json_add_number(out, "serial", c->serial);
	json_add(out, "first_pid", json_object_new_int(c->first_pid));
	json_add_number(out, "processes", c->processes);
	json_add_number(out, "created_ns", c->created_ns);
	json_add_number(out, "asked", c->asked);
	json_add_number(out, "written", c->written);
	json_add_number(out, "lost", live_lost(c));
	json_add_number(out, "unplaced", c->unplaced);

	if (container_device_is_known(c)) {
		snprintf(text, sizeof(text), "%u:%u", c->ns_dev_major, c->ns_dev_minor);
		json_add(ns, "dev", json_object_new_string(text));
	} else {
		json_add(ns, "dev", NULL);
	}
	for (int i = 0; i < AUDIT_CONTID_NS_COUNT; i++)
		json_add(ns, container_namespaces[i],
			 c->ns[i] ? json_object_new_uint64(c->ns[i]) : NULL);
	json_add(out, "namespaces", ns);
	return out;
}
