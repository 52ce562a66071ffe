/* SPDX-License-Identifier: GPL-2.0 */
/* /dev/audit_contid, and why it cannot be opened. */
#ifndef COMMON_DEVICE_H
#define COMMON_DEVICE_H

#include <stdbool.h>

#include <audit-contid.h>

/* what a caller lacks that may not open it */
#define DEVICE_NEEDS                                                         \
	"needs CAP_AUDIT_CONTROL in the initial user namespace, which root " \
	"of the host has and root of a user namespace has not"

struct device {
	int fd;
	struct audit_contid_info info;
};

/* how far opening it went */
enum device_state {
	DEVICE_OPEN,
	DEVICE_CLOSED, /* it cannot be opened */
	DEVICE_SILENT, /* it does not say what it is */
	DEVICE_VERSION, /* it is a module of another interface */
};

enum device_state device_try(struct device *device);
bool device_open(struct device *device);

#endif
