/* SPDX-License-Identifier: GPL-2.0 */
/* A container's label for people. */
#ifndef CONTID_NAME_H
#define CONTID_NAME_H

#include <linux/types.h>

struct audit_buffer;

int name_read(char *to, u64 from, u32 len);
void name_log(struct audit_buffer *ab, const char *name, unsigned int len);

#endif
