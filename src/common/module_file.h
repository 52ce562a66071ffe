/* SPDX-License-Identifier: GPL-2.0 */
/* The module as a file under /lib/modules. */
#ifndef COMMON_MODULE_FILE_H
#define COMMON_MODULE_FILE_H

#include <limits.h>
#include <stdbool.h>

#define MODULE	 "audit_contid"
#define DKMS_KEY "/var/lib/dkms/mok.pub"

bool module_file_find(const char *release, char path[PATH_MAX]);
bool module_file_needs_signature(void);
bool module_file_dkms_signs(void);

#endif
