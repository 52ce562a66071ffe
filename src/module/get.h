/* SPDX-License-Identifier: GPL-2.0 */
/* Reading what a process carries. */
#ifndef CONTID_GET_H
#define CONTID_GET_H

#include <linux/audit_contid.h>

int get_process(struct audit_contid_get *arg);

#endif
