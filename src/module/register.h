/* SPDX-License-Identifier: GPL-2.0 */
/* Where a registration is judged. */
#ifndef CONTID_REGISTER_H
#define CONTID_REGISTER_H

#include <linux/audit_contid.h>

int register_process(const struct audit_contid_register *arg);
int register_get(struct audit_contid_get *arg);
void register_stats(u64 *registered, u64 *refused);

#endif
