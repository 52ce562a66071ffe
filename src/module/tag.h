/* SPDX-License-Identifier: GPL-2.0 */
/* Which containers a record names. */
#ifndef CONTID_TAG_H
#define CONTID_TAG_H

#include <linux/audit.h>
#include <linux/compiler.h>
#include <linux/types.h>

#include "record_place.h"
#include "registry.h"

struct sk_buff;

/* The answers of tag_wanted() for what audited calls leave, by type, from AUDIT_SYSCALL on */
extern u64 tag_wanted_calls;
/* Likewise of tag_wanted_inside() */
extern u64 tag_wanted_inside_calls;

/**
 * tag_wanted - must a record be looked at, whichever process caused it?
 * @type: the record's
 *
 * The object of a signal may be in a container. And a host process, or the kernel by
 * itself, may print a name that reads as a container's field. Not in what each
 * audited call leaves: nothing is done for those of the host.
 *
 * Context: the handler of a record's end, for each record there is.
 */
static inline bool tag_wanted(u16 type)
{
	unsigned int nr = type - AUDIT_SYSCALL;

	if (likely(nr < 64))
		return tag_wanted_calls >> nr & 1;
	return record_place(type) == RECORD_LAST;
}

/**
 * tag_wanted_inside - likewise, if a container's process is the subject
 * @type: the record's
 *
 * What only accompanies another record names nobody, and stays as it is.
 */
static inline bool tag_wanted_inside(u16 type)
{
	unsigned int nr = type - AUDIT_SYSCALL;

	if (likely(nr < 64))
		return tag_wanted_inside_calls >> nr & 1;
	return record_place(type) != RECORD_NOWHERE;
}

void tag_init(void);
void tag_record(struct sk_buff *skb, struct container *c, u16 type);
void tag_lost(struct container *c, const char *message);
void tag_stats(u64 *no_field, u64 *shortened);

#endif
