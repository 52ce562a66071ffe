/* SPDX-License-Identifier: GPL-2.0 */
/* What differs between kernels, by features of the target's headers. */
#ifndef CONTID_COMPAT_H
#define CONTID_COMPAT_H

#include <linux/freezer.h>
#include <linux/magic.h>
#include <linux/ns_common.h>
#include <linux/refcount.h>
#include <linux/sched.h>
#include <net/net_namespace.h>

#include "features.h" /* Kbuild makes it */

#ifdef CONFIG_PREEMPT_RT
#error "audit_contid does not run on PREEMPT_RT: probe handlers may not allocate there"
#endif
/* Not so on arm64, where each probe is one: docs/architecture.md, "On arm64" */
#if defined(CONFIG_X86) && !defined(CONFIG_KPROBES_ON_FTRACE)
#error "audit_contid needs CONFIG_KPROBES_ON_FTRACE: a breakpoint handler looks like an NMI on x86"
#endif

#if defined(CONFIG_IO_URING) && !defined(CONTID_HAS_IO_THREADS)
/* Since 5.12 and 5.10.162. What the kernel's own threads do would carry no contid. */
#error "audit_contid needs the workers of io_uring to be threads of the process that asks"
#endif

/* From 6.9 on a pidfd is an inode of pidfs, with this magic. */
#ifdef PID_FS_MAGIC
#define CONTID_PIDFS PID_FS_MAGIC
#else
#define CONTID_PIDFS 0
#endif

/*
 * struct mnt_namespace is private to fs/, and begins with these. namespaces_init() compares
 * with what nsfs says before that is relied on, if /proc is mounted. The count has another
 * name since 6.18; before 5.11 each kind of namespace had one of its own, this one in front.
 */
struct contid_mnt_namespace {
#if !defined(CONTID_HAS_NS_REF) && !defined(CONTID_HAS_NS_COUNT)
	atomic_t count;
#endif
	struct ns_common ns;
};

#define contid_mnt_common(mnt) (&((const struct contid_mnt_namespace *)(mnt))->ns)
#ifdef CONTID_HAS_NS_REF
#define contid_mnt_refs(mnt) refcount_read(&contid_mnt_common(mnt)->__ns_ref)
#elif defined(CONTID_HAS_NS_COUNT)
#define contid_mnt_refs(mnt) refcount_read(&contid_mnt_common(mnt)->count)
#else
#define contid_mnt_refs(mnt) atomic_read(&((const struct contid_mnt_namespace *)(mnt))->count)
#endif

/*
 * Never another namespace's. Before this came only fork and unshare made a mount
 * namespace, and their hooks say so.
 */
#ifdef CONTID_HAS_NS_ID
#define CONTID_MNT_IDS	   true
#define contid_mnt_id(mnt) ((u64)contid_mnt_common(mnt)->ns_id)
#else
#define CONTID_MNT_IDS	   false
#define contid_mnt_id(mnt) ((void)(mnt), 0ULL)
#endif

/* Likewise of a network namespace, since 5.12. Before, the number is used again. */
static inline u64 contid_net_id(const struct net *net)
{
#ifdef CONTID_HAS_NET_COOKIE
	return net->net_cookie;
#else
	return net->ns.inum;
#endif
}

/* Under the lock of none: it is compared with TASK_NEW alone. */
#ifdef CONTID_HAS_TASK_STATE
#define contid_task_state(task) READ_ONCE((task)->__state)
#else
#define contid_task_state(task) READ_ONCE((task)->state)
#endif

/* Since 6.1 a state says that the freezer may take a sleeper; before, the sleeper says it. */
#ifdef TASK_FREEZABLE
#define CONTID_FREEZABLE	    TASK_FREEZABLE
#define contid_freezable_nap(ticks) schedule_timeout(ticks)
#else
#define CONTID_FREEZABLE	    0
#define contid_freezable_nap(ticks) freezable_schedule_timeout(ticks)
#endif

/*
 * Threads of a process that never are in userspace: io_uring's, which were kernel threads
 * before 5.12, and since 6.4 what else the kernel makes in that way.
 */
#ifndef PF_IO_WORKER
#define PF_IO_WORKER 0
#endif
#ifndef PF_USER_WORKER
#define PF_USER_WORKER 0
#endif
#define CONTID_NO_USERSPACE (PF_KTHREAD | PF_IO_WORKER | PF_USER_WORKER)

/* What a tracer is given; ours does not look at it. */
#ifndef CONTID_HAS_FTRACE_REGS
#define ftrace_regs pt_regs
#endif

#endif
