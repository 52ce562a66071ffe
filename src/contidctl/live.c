// SPDX-License-Identifier: GPL-2.0
#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "live.h"

#define CHUNK 64

/**
 * live_open - open the device, without a word where that can not be
 * @live: out
 */
bool live_open(struct live *live)
{
	struct audit_contid_info info;

	live->fd = open(AUDIT_CONTID_DEVICE, O_RDWR | O_CLOEXEC);
	if (live->fd >= 0 && (ioctl(live->fd, AUDIT_CONTID_IOC_INFO, &info) ||
			      info.api_version != AUDIT_CONTID_API_VERSION))
		live_close(live);
	return live->fd >= 0;
}

/** live_close - the module can be unloaded again */
void live_close(struct live *live)
{
	if (live->fd >= 0)
		close(live->fd);
	live->fd = -1;
}

/**
 * live_each - all containers that live
 * @live: open
 * @take: gets each
 * @data: for it
 *
 * Return: false where they can not be read.
 */
bool live_each(const struct live *live,
	       void (*take)(void *data, const struct audit_contid_container *container), void *data)
{
	struct audit_contid_container found[CHUNK];
	struct audit_contid_list list = {};

	if (live->fd < 0)
		return false;
	do {
		list = (struct audit_contid_list){
			.after = list.after,
			.buffer = (uintptr_t)found,
			.count = CHUNK,
		};
		if (ioctl(live->fd, AUDIT_CONTID_IOC_LIST, &list))
			return false;
		for (uint32_t i = 0; i < list.count; i++)
			take(data, &found[i]);
	} while (list.more);
	return true;
}

/** live_lost - records it asked for that were not written */
uint64_t live_lost(const struct audit_contid_container *container)
{
	/* counters are read one after the other while records are written */
	return container->asked > container->written ? container->asked - container->written : 0;
}
