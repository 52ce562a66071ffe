// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "contid.h"
#include "live.h"
#include "message.h"
#include "name.h"
#include "wanted.h"
#include "whom_lives.h"

#define ID_WORD	  "id:"
#define NAME_WORD "name:"

/**
 * struct lookup - a look at the live containers
 * @device: the open device
 * @wanted: how the IDs begin that are asked for; @len is 0 if no ID is
 * @name: the label that is asked for, NULL if none is
 * @named: IDs of containers that have the name, whether they live or not
 * @found: those that live and are meant
 */
struct lookup {
	const struct device *device;
	struct wanted wanted;
	const char *name;
	struct candidates named;
	struct candidates found;
};

static bool is_named(const struct lookup *lookup, const char *id)
{
	for (size_t i = 0; i < lookup->named.count; i++) {
		if (!strcmp(lookup->named.ids[i], id))
			return true;
	}
	return false;
}

static bool is_labelled(const struct lookup *lookup, const struct audit_contid *contid)
{
	char label[LABEL_TEXT];

	if (!lookup->name)
		return false;
	live_label(lookup->device, contid, label);
	return !strcmp(label, lookup->name);
}

static bool take(void *data, const struct audit_contid_container *container)
{
	struct lookup *lookup = data;
	char id[CONTID_TEXT];

	contid_format(&container->contid, id);
	if ((lookup->wanted.len && !strncmp(id, lookup->wanted.prefix, lookup->wanted.len)) ||
	    is_named(lookup, id) || is_labelled(lookup, &container->contid))
		candidates_add(&lookup->found, id);
	return true;
}

static void take_name(struct lookup *lookup, const char *name)
{
	char id[CONTID_TEXT];

	lookup->name = name;
	if (name_derive(name, id))
		candidates_add(&lookup->named, id);
	else
		name_find(name, &lookup->named);
}

static void tell_candidates(const char *text, const struct candidates *found)
{
	message("'%s' may mean several live containers: say which by its ID:", text);
	for (size_t i = 0; i < found->count; i++)
		message("  %s", found->ids[i]);
	if (found->more)
		message("  and others");
}

/**
 * whom_lives - find out which live container is meant
 * @contid: out
 * @text: an ID, the beginning of one, a name, RUNTIME:NAME; after id: or name: one of
 *	these alone
 * @device: the open device
 *
 * Return: false if that is not exactly one; a message has been printed.
 */
bool whom_lives(struct audit_contid *contid, const char *text, const struct device *device)
{
	struct lookup lookup = { .device = device };

	if (!strncmp(text, NAME_WORD, strlen(NAME_WORD))) {
		take_name(&lookup, text + strlen(NAME_WORD));
	} else if (!strncmp(text, ID_WORD, strlen(ID_WORD))) {
		if (!wanted_parse(&lookup.wanted, text + strlen(ID_WORD)))
			lookup.wanted.len = 0;
	} else {
		if (!wanted_parse(&lookup.wanted, text))
			lookup.wanted.len = 0;
		if (lookup.wanted.len < CONTID_TEXT - 1)
			take_name(&lookup, text);
	}
	if (live_each(device->fd, take, &lookup, NULL)) {
		message("the list of containers could not be read");
		return false;
	}
	if (lookup.found.count > 1 || lookup.found.more) {
		tell_candidates(text, &lookup.found);
		return false;
	}
	if (lookup.found.count)
		return !contid_parse(lookup.found.ids[0], contid);
	if (lookup.named.count)
		message("%s: the container %s does not live, or is not registered", text,
			lookup.named.ids[0]);
	else
		message("%s: no live container has such an ID or label, and podman, CRI-O and Docker of root "
			"have none here that is called so: see `contidctl list`",
			text);
	return false;
}
