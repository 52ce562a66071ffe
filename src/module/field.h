/* SPDX-License-Identifier: GPL-2.0 */
/* The field contid=. */
#ifndef CONTID_FIELD_H
#define CONTID_FIELD_H

#include <linux/types.h>

struct sk_buff;

bool field_append(struct sk_buff *skb, const char *name, const char *value, unsigned int len);
u64 field_unplaced(void);

#endif
