/* SPDX-License-Identifier: GPL-2.0 */
/* What systemd-machined knows of a machine. */
#ifndef CONTIDCTL_MACHINE_H
#define CONTIDCTL_MACHINE_H

#include <stdbool.h>

bool machine_is_nspawn(const char *name);

#endif
