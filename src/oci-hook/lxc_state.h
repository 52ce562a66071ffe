/* SPDX-License-Identifier: GPL-2.0 */
/* What LXC says of the container that it starts. */
#ifndef OCI_HOOK_LXC_STATE_H
#define OCI_HOOK_LXC_STATE_H

#include "oci_state.h"

const char *lxc_state_read(struct state *state);

#endif
