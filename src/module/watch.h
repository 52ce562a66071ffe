/* SPDX-License-Identifier: GPL-2.0 */
/* Whether the probes still fire. */
#ifndef CONTID_WATCH_H
#define CONTID_WATCH_H

#include <linux/types.h>

int watch_init(void);
void watch_exit(void);
bool watch_check(void);
u64 watch_off_seen(void);

#endif
