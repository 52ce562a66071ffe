/* SPDX-License-Identifier: GPL-2.0 */
/* The containers that live now, if they can be asked for. */
#ifndef COMMON_LIVE_H
#define COMMON_LIVE_H

#include <stdbool.h>
#include <stdint.h>

#include "device.h"

#define LABEL_TEXT CONTID_LABEL_TEXT

/**
 * struct live - the device, for commands that can do without
 * @fd: -1 if it cannot be opened
 */
struct live {
	int fd;
};

bool live_open(struct live *live);
int live_each(int fd, bool (*take)(void *data, const struct audit_contid_container *container),
	      void *data, uint64_t *changes);
void live_label(const struct device *device, const struct audit_contid *contid,
		char label[LABEL_TEXT]);
void live_close(struct live *live);
uint64_t live_lost(const struct audit_contid_container *container);

#endif
