/* SPDX-License-Identifier: GPL-2.0 */
/* Letting all containers go, with their processes alive. */
#ifndef CONTID_RELEASE_H
#define CONTID_RELEASE_H

#include <linux/types.h>

void registration_begin(void);
void registration_end(void);
int release_all(u64 changes);

#endif
