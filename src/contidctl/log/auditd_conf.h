/* SPDX-License-Identifier: GPL-2.0 */
/* What auditd is configured to do. */
#ifndef CONTIDCTL_AUDITD_CONF_H
#define CONTIDCTL_AUDITD_CONF_H

#include <stdbool.h>

#define AUDITD_CONF "/etc/audit/auditd.conf"
#define AUDITD_LOG  "/var/log/audit/audit.log" /* if it names no other */

#define AUDITD_CONF_VALUE 4096

bool auditd_conf_read(const char *name, char value[AUDITD_CONF_VALUE]);

#endif
