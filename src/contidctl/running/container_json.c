// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "container_json.h"
#include "contid.h"
#include "json.h"
#include "printable.h"

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

/* One that cannot be shown as it is stands in there twice: escaped, and byte for byte. */
static void add_label(struct json_object *out, const char *label)
{
	char hex[2 * LABEL_TEXT] = "", *shown;

	if (!*label || is_printable(label, strlen(label))) {
		json_add(out, "label", *label ? json_object_new_string(label) : NULL);
		return;
	}
	shown = printable(label);
	json_add(out, "label", shown ? json_object_new_string(shown) : NULL);
	free(shown);
	for (size_t i = 0; label[i]; i++)
		sprintf(hex + 2 * i, "%02x", (unsigned char)label[i]);
	json_add(out, "label_hex", json_object_new_string(hex));
}

/* Digits, two for each byte, and no NUL among these. */
static bool hex_parse(const char *hex, char label[LABEL_TEXT])
{
	size_t length = strlen(hex), i;

	if (length % 2 || length / 2 > AUDIT_CONTID_LABEL_MAX ||
	    hex[strspn(hex, "0123456789abcdefABCDEF")])
		return false;
	for (i = 0; i < length / 2; i++) {
		char digits[3] = { hex[2 * i], hex[2 * i + 1] };

		label[i] = strtoul(digits, NULL, 16);
	}
	label[i] = '\0';
	return strlen(label) == i;
}

/**
 * container_json_label - read a container's label back
 * @from: what container_json() has made
 * @label: out; empty if it has none
 *
 * Return: false if what stands there is no label.
 */
bool container_json_label(struct json_object *from, char label[LABEL_TEXT])
{
	struct json_object *value;
	size_t length;

	*label = '\0';
	if (json_object_object_get_ex(from, "label_hex", &value))
		return json_object_is_type(value, json_type_string) &&
		       hex_parse(json_object_get_string(value), label);
	/* no label, or written by a version that knew of none */
	if (!json_object_object_get_ex(from, "label", &value) || !value)
		return true;
	if (!json_object_is_type(value, json_type_string))
		return false;
	length = json_object_get_string_len(value);
	if (length > AUDIT_CONTID_LABEL_MAX || strlen(json_object_get_string(value)) != length)
		return false;
	memcpy(label, json_object_get_string(value), length + 1);
	return true;
}

/** contid_json - a container ID, as JSON */
struct json_object *contid_json(const struct audit_contid *contid)
{
	char text[CONTID_TEXT];

	contid_format(contid, text);
	return json_object_new_string(text);
}

/**
 * container_json - all that the module says of a container
 * @c: the container
 * @label: its label, empty if it has none
 */
struct json_object *container_json(const struct audit_contid_container *c, const char *label)
{
	struct json_object *out = json_object_new_object();
	struct json_object *ns = json_object_new_object();
	char text[CONTID_TEXT];

	json_add(out, "contid", contid_json(&c->contid));
	json_add(out, "parent", c->depth > 1 ? contid_json(&c->parent) : NULL);
	add_label(out, label);
	json_add_number(out, "depth", c->depth);
	json_add_number(out, "serial", c->serial);
	json_add(out, "first_pid", json_object_new_int(c->first_pid));
	json_add_number(out, "processes", c->processes);
	json_add_number(out, "created_ns", c->created_ns);
	json_add_number(out, "asked", c->asked);
	json_add_number(out, "written", c->written);
	json_add_number(out, "lost", live_lost(c));
	json_add_number(out, "unplaced", c->unplaced);
	json_add_number(out, "cut", c->cut);
	json_add_number(out, "rate", c->rate);
	json_add_number(out, "burst", c->burst);
	json_add_number(out, "held", c->held);
	json_add_number(out, "held_ns", c->held_ns);

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
