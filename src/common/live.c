// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <unistd.h>

#include "live.h"

/**
 * live_open - open the device, without a word if that cannot be
 * @live: out
 */
bool live_open(struct live *live)
{
	live->fd = contid_open(NULL);
	return live->fd >= 0;
}

/** live_close - the module can be unloaded again */
void live_close(struct live *live)
{
	if (live->fd >= 0)
		close(live->fd);
	live->fd = -1;
}

/** live_each - contid_list(), with the errno in place of -1 */
int live_each(int fd, bool (*take)(void *data, const struct audit_contid_container *container),
	      void *data, uint64_t *changes)
{
	return contid_list(fd, take, data, changes) ? errno : 0;
}

/**
 * live_label - read the label of a container
 * @device: the open device
 * @contid: the container
 * @label: out: any bytes, and a NUL; nothing before that if it has no label, does not
 *	live any more, or the module knows of no labels
 */
void live_label(const struct device *device, const struct audit_contid *contid,
		char label[LABEL_TEXT])
{
	*label = '\0';
	if (device->info.features & AUDIT_CONTID_FEATURE_LABEL)
		contid_label(device->fd, contid, label);
}

/** live_lost - records it caused that were not written */
uint64_t live_lost(const struct audit_contid_container *container)
{
	return container->asked - container->written;
}
