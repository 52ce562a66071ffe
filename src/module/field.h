/* SPDX-License-Identifier: GPL-2.0 */
/* A field in the bytes of a record. */
#ifndef CONTID_FIELD_H
#define CONTID_FIELD_H

#include <linux/types.h>

#include "record_place.h"

struct sk_buff;

/**
 * enum field_fate - what became of a field
 * @FIELD_PLACED: the record has it
 * @FIELD_CUT: likewise, and lost some of its own text for it
 * @FIELD_UNPLACED: the record does not have it
 */
enum field_fate { FIELD_PLACED, FIELD_CUT, FIELD_UNPLACED };

enum field_fate field_fit(struct sk_buff *skb);
void field_clean(struct sk_buff *skb);
enum field_fate field_append(struct sk_buff *skb, const char *name, const char *value,
			     unsigned int len);
enum field_fate field_put(struct sk_buff *skb, enum record_place place, const char *label,
			  unsigned int len);

#endif
