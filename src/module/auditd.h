/* SPDX-License-Identifier: GPL-2.0 */
/* Which process is auditd. */
#ifndef CONTID_AUDITD_H
#define CONTID_AUDITD_H

#include <linux/compiler.h>
#include <linux/pid.h>
#include <linux/types.h>

struct sk_buff;

extern struct pid *auditd_known;
extern struct pid *auditd_next;

/**
 * auditd_is - is a process auditd?
 * @tgid: the process
 *
 * Context: any. Only addresses are compared: auditd.c holds what it compares with.
 */
static inline bool auditd_is(const struct pid *tgid)
{
	return tgid == READ_ONCE(auditd_known) || tgid == READ_ONCE(auditd_next);
}

void auditd_asked_for(const struct sk_buff *skb);
bool auditd_asks(void);
bool auditd_ask(void);
void auditd_heard(void);
void auditd_ask_soon(void);
void auditd_exit(void);

#endif
