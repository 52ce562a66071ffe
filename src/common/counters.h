/* SPDX-License-Identifier: GPL-2.0 */
/* What the module has counted since it was loaded. */
#ifndef COMMON_COUNTERS_H
#define COMMON_COUNTERS_H

#include <linux/audit_contid.h>

struct audit_contid_probe *counters_read(int fd, struct audit_contid_stats *stats);

#endif
