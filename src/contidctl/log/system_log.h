/* SPDX-License-Identifier: GPL-2.0 */
/* The log that auditd writes, with what it has rotated and a site has compressed. */
#ifndef CONTIDCTL_SYSTEM_LOG_H
#define CONTIDCTL_SYSTEM_LOG_H

#include "logs.h"

bool logs_have_system(void);
bool logs_add_system(struct logs *logs);

#endif
