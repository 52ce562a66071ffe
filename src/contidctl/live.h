/* SPDX-License-Identifier: GPL-2.0 */
/* The containers that live now, where they can be asked for. */
#ifndef CONTIDCTL_LIVE_H
#define CONTIDCTL_LIVE_H

#include <stdbool.h>
#include <stdint.h>

#include <linux/audit_contid.h>

/**
 * struct live - the device, for those who can do without
 * @fd: -1 where it can not be opened
 */
struct live {
	int fd;
};

bool live_open(struct live *live);
bool live_each(const struct live *live,
	       void (*take)(void *data, const struct audit_contid_container *container),
	       void *data);
void live_close(struct live *live);
uint64_t live_lost(const struct audit_contid_container *container);

#endif
