/* SPDX-License-Identifier: GPL-2.0 */
/* The container ID of a container that only has a name. */
#ifndef CONTIDCTL_UUID5_H
#define CONTIDCTL_UUID5_H

#include <linux/audit_contid.h>

int contid_of_name(const char *runtime, const char *name, struct audit_contid *out);

#endif
