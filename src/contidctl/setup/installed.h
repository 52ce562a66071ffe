/* SPDX-License-Identifier: GPL-2.0 */
/* Where our programs for engines lie. */
#ifndef SETUP_INSTALLED_H
#define SETUP_INSTALLED_H

#define RUNTIME_NAME "audit-contid-runtime"
#define NRI_NAME     "audit-contid-nri"
#define HOOK_NAME    "audit-contid-oci-hook"

extern const char installed_runtime[];
extern const char installed_hook[];
extern const char installed_nri[];
extern const char installed_names[];
extern const char installed_runc[];
extern const char installed_rules[];

#endif
