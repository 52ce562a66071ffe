/* SPDX-License-Identifier: GPL-2.0 */
/* Which live container a person means. */
#ifndef CONTIDCTL_WHOM_LIVES_H
#define CONTIDCTL_WHOM_LIVES_H

#include "device.h"

bool whom_lives(struct audit_contid *contid, const char *text, const struct device *device);

#endif
