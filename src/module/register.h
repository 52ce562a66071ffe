/* SPDX-License-Identifier: GPL-2.0 */
/* Judging a registration. */
#ifndef CONTID_REGISTER_H
#define CONTID_REGISTER_H

#include <linux/audit_contid.h>

int register_process(const struct audit_contid_register *arg);
void register_stats(u64 *registered, u64 *refused);

#endif
