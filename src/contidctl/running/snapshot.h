/* SPDX-License-Identifier: GPL-2.0 */
/* What there is at this moment, asked of the kernel. */
#ifndef CONTIDCTL_SNAPSHOT_H
#define CONTIDCTL_SNAPSHOT_H

#include <stdint.h>

#include "device.h"
#include "state.h"

bool snapshot_is_possible(const struct device *device);
bool snapshot_take(const struct device *device, struct state *state, uint64_t *changes);

#endif
