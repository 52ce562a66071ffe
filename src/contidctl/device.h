/* SPDX-License-Identifier: GPL-2.0 */
/* /dev/audit_contid, and why it can not be opened. */
#ifndef CONTIDCTL_DEVICE_H
#define CONTIDCTL_DEVICE_H

#include <stdbool.h>

#include <linux/audit_contid.h>

/* what is told to who may not open it */
#define DEVICE_NEEDS                                                         \
	"needs CAP_AUDIT_CONTROL in the initial user namespace, which root " \
	"of the host has and root of a user namespace has not"

struct device {
	int fd;
	struct audit_contid_info info;
};

bool device_open(struct device *device);

#endif
