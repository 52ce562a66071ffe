/* SPDX-License-Identifier: GPL-2.0 */
/* /dev/audit_contid */
#ifndef CONTID_DEVICE_H
#define CONTID_DEVICE_H

int device_init(void);
void device_exit(void);

#endif
