/* SPDX-License-Identifier: GPL-2.0 */
/* What differs between kernels, by features of the target's headers. */
#ifndef CONTID_COMPAT_H
#define CONTID_COMPAT_H

#include <linux/magic.h>
#include <linux/ns_common.h>
#include <linux/refcount.h>

#ifdef CONFIG_PREEMPT_RT
#error "audit_contid does not run on PREEMPT_RT: probe handlers may not allocate there"
#endif
#if defined(CONFIG_X86) && !defined(CONFIG_KPROBES_ON_FTRACE)
#error "audit_contid needs CONFIG_KPROBES_ON_FTRACE: a breakpoint handler looks like an NMI on x86"
#endif

/* From 6.9 on a pidfd is an inode of pidfs, with this magic. */
#ifdef PID_FS_MAGIC
#define CONTID_PIDFS PID_FS_MAGIC
#else
#define CONTID_PIDFS 0
#endif

/* Kbuild looks for the header that came when the count was renamed. */
#ifdef CONTID_HAS_NS_COMMON_TYPES
#define contid_ns_refs(ns) refcount_read(&((const struct ns_common *)(ns))->__ns_ref)
#else
#define contid_ns_refs(ns) refcount_read(&((const struct ns_common *)(ns))->count)
#endif

#endif
