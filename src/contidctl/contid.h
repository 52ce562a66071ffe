/* SPDX-License-Identifier: GPL-2.0 */
/* A container ID as text. */
#ifndef CONTIDCTL_CONTID_H
#define CONTIDCTL_CONTID_H

#include <stdbool.h>

#include <linux/audit_contid.h>

#define CONTID_TEXT 37 /* a UUID and its NUL */

const char *contid_parse(const char *text, struct audit_contid *id);
void contid_format(const struct audit_contid *id, char text[CONTID_TEXT]);
bool contid_random(struct audit_contid *id);

#endif
