/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where a record has contid=, by its type. Shared by the module and the tools.
 */
#ifndef CONTID_RECORD_PLACE_H
#define CONTID_RECORD_PLACE_H

#include <linux/audit.h>

/* Newer than the oldest headers that this is built with. */
#ifndef AUDIT_URINGOP
#define AUDIT_URINGOP 1336
#endif
#ifndef AUDIT_OPENAT2
#define AUDIT_OPENAT2 1337
#endif
#ifndef AUDIT_MAC_TASK_CONTEXTS
#define AUDIT_MAC_TASK_CONTEXTS 1425
#endif
#ifndef AUDIT_MAC_OBJ_CONTEXTS
#define AUDIT_MAC_OBJ_CONTEXTS 1426
#endif

/**
 * enum record_place - where contid= stands
 * @RECORD_FIRST: right behind the stamp: a user message, whose sender chose the rest
 * @RECORD_LAST: behind all that the kernel says: every other primary record
 * @RECORD_NOWHERE: the record only accompanies a primary one, which has the field; or
 *	nobody is known to have caused it
 */
enum record_place { RECORD_FIRST, RECORD_LAST, RECORD_NOWHERE };

/**
 * record_place - the place of contid= in a record
 * @type: the record's
 */
static inline enum record_place record_place(unsigned int type)
{
	switch (type) {
	case AUDIT_USER:
	case AUDIT_FIRST_USER_MSG ... AUDIT_LAST_USER_MSG:
	case AUDIT_FIRST_USER_MSG2 ... AUDIT_LAST_USER_MSG2:
		return RECORD_FIRST;
	case AUDIT_PATH:
	case AUDIT_IPC:
	case AUDIT_SOCKETCALL:
	case AUDIT_SOCKADDR:
	case AUDIT_CWD:
	case AUDIT_EXECVE:
	case AUDIT_IPC_SET_PERM:
	case AUDIT_MQ_OPEN:
	case AUDIT_MQ_SENDRECV:
	case AUDIT_MQ_NOTIFY:
	case AUDIT_MQ_GETSETATTR:
	case AUDIT_FD_PAIR:
	case AUDIT_OBJ_PID:
	case AUDIT_EOE:
	case AUDIT_BPRM_FCAPS:
	case AUDIT_CAPSET:
	case AUDIT_MMAP:
	case AUDIT_PROCTITLE:
	case AUDIT_KERN_MODULE:
	case AUDIT_TIME_INJOFFSET:
	case AUDIT_TIME_ADJNTPVAL:
	case AUDIT_OPENAT2:
	case AUDIT_MAC_TASK_CONTEXTS:
	case AUDIT_MAC_OBJ_CONTEXTS:
		return RECORD_NOWHERE;
	case AUDIT_NETFILTER_PKT:
		/* a packet's way through the chains: who runs is a bystander */
		return RECORD_NOWHERE;
	default:
		return RECORD_LAST;
	}
}

#endif
