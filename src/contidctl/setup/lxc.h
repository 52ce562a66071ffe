/* SPDX-License-Identifier: GPL-2.0 */
/* The configuration that LXC and Incus share. */
#ifndef SETUP_LXC_H
#define SETUP_LXC_H

#include "engines.h"

void lxc_plan(struct plan *plan);

#endif
