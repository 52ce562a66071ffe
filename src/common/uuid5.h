/* SPDX-License-Identifier: GPL-2.0 */
/* The container ID of a container that only has a name. */
#ifndef COMMON_UUID5_H
#define COMMON_UUID5_H

#include <linux/audit_contid.h>

int contid_of_container(const char *runtime, const char *id, struct audit_contid *out);
int contid_of_owned(const char *owner, const char *runtime, const char *id,
		    struct audit_contid *out);

#endif
