// SPDX-License-Identifier: GPL-2.0
#include <unistd.h>

#include "contid.h"
#include "live.h"
#include "living.h"

/**
 * struct living - on the way through them
 * @device: the module
 * @names: learns
 */
struct living {
	struct device device;
	struct names *names;
};

static bool take(void *data, const struct audit_contid_container *container)
{
	struct living *living = data;
	char id[CONTID_TEXT], label[LABEL_TEXT];

	contid_format(&container->contid, id);
	live_label(&living->device, &container->contid, label);
	if (*label)
		names_add(living->names, id, label);
	return true;
}

/**
 * living_names - learn the labels of the containers that live
 * @names: learns them
 *
 * Without the module, or without the right to ask it, there are none.
 */
void living_names(struct names *names)
{
	struct living living = { .names = names };

	if (device_try(&living.device) != DEVICE_OPEN)
		return;
	live_each(living.device.fd, take, &living, NULL);
	close(living.device.fd);
}
