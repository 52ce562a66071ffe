// SPDX-License-Identifier: GPL-2.0
/*
 * What is seen of the kernel, and what is done then: the table of hooks and all
 * their handlers.
 *
 * A handler runs at the entry of the probed function, in the task that called it,
 * with preemption off, which is an RCU read section. It does not sleep, and returns
 * 0: the kernel goes on as if nothing had been. Most processes carry nothing: they
 * pay one look-up that fails, and a look at a word or two that are nearly always 0.
 *
 * What handlers share with other CPUs: the lock of a process's bucket, and the counters
 * of the container and of the home that the process is in. Locks of all (homes_lock,
 * containers_lock, lone_lock) are taken only if a home or a container begins or ends, a
 * namespace is entered, or a stray forks, and words of all (partings, lone_threads,
 * containers_rated) are written only if a thread goes somewhere alone or has to wait, or a
 * tree or a limit is set; all else is per CPU.
 */
#include <linux/audit.h>
#include <linux/netfilter/x_tables.h>
#include <linux/netlink.h>
#include <linux/nsproxy.h>
#include <linux/ptrace.h>
#include <linux/sched/signal.h>
#include <linux/skbuff.h>
#include <net/netfilter/nf_tables.h>
#include <net/netlink.h>

#include "adopt.h"
#include "auditd.h"
#include "handlers.h"
#include "hold.h"
#include "home.h"
#include "inherit.h"
#include "lone.h"
#include "packet.h"
#include "parting.h"
#include "rate.h"
#include "registry.h"
#include "tag.h"
#include "tree.h"
#include "unlabelled.h"

/*
 * Most processes that fork and exit come to the end of the handler. What the others need is in
 * functions of its own, and nothing comes after these: so the handler has nothing to keep in
 * registers that it would have to save first.
 */

/* A child of a process that carries something. */
static noinline void inherit_fork(struct task_struct *p)
{
	if (!inherit_child(p))
		adopt_child(p);
	rate_fork(p);
	tree_fork(p);
}

static __always_inline void any_fork(struct task_struct *p, bool apart)
{
	if (!thread_group_leader(p)) {
		if (!apart)
			lone_born(p);
		rate_fork(p);
		return;
	}
	/*
	 * Pairs with the barrier in register_open(): either this look-up finds
	 * the parent's entry, or that registration finds the child.
	 */
	smp_mb();
	if (process_of(current))
		inherit_fork(p);
	else
		tree_fork(p);
}

/* Into namespaces of its own: clone() lets a thread have some, too. */
static noinline void apart_fork(struct task_struct *p)
{
	if (home_ns_of(p) != home_ns_of(current))
		home_forget(home_ns_of(p));
	if (!thread_group_leader(p))
		adopt_thread_born(p);
	any_fork(p, true);
}

/* wake_up_new_task(p): a child is complete and has never run. Called by its maker. */
static int hook_fork(struct kprobe *kprobe, struct pt_regs *regs)
{
	struct task_struct *p = (void *)regs_get_kernel_argument(regs, 0);

	hook_count(kprobe);
	if (unlikely(p->nsproxy != current->nsproxy))
		apart_fork(p);
	else
		any_fork(p, false);
	return 0;
}

static __always_inline void any_exit(struct task_struct *tsk)
{
	if (atomic_read(&tsk->signal->live))
		return;
	if (process_of(tsk))
		inherit_exited(task_tgid(tsk));
}

/* Of any, while there is one that is anywhere alone or has to wait for a limit, or a tree. */
static noinline void parting_exit(struct task_struct *tsk)
{
	lone_exits();
	hold_exits();
	if (tree_is_active())
		tree_parting();
	any_exit(tsk);
}

/* Perhaps the last thread of a process. In fork's error path it is not current's. */
static __always_inline void exit_seen(struct task_struct *tsk)
{
	if (tsk != current)
		return;
	if (parting_matters())
		parting_exit(tsk);
	else
		any_exit(tsk);
}

/* exit_files(tsk), if nothing else sees each exit. */
static int hook_exit(struct kprobe *kprobe, struct pt_regs *regs)
{
	hook_count(kprobe);
	exit_seen((void *)regs_get_kernel_argument(regs, 0));
	return 0;
}

/*
 * cgroup_release(p): a task is reaped, its number still its own. Runs in the parent
 * or in p itself.
 */
static int hook_release(struct kprobe *kprobe, struct pt_regs *regs)
{
	struct task_struct *p = (void *)regs_get_kernel_argument(regs, 0);

	hook_count(kprobe);
	if (!thread_group_leader(p))
		return 0;
	/* pairs with the one in inherit_recheck() */
	smp_mb();
	if (process_of(p))
		inherit_released(p);
	return 0;
}

/*
 * Whether each exit is seen there: do_exit() leaves the namespaces a few calls after the files,
 * and so before its task work and before children are given away. On some kernels the
 * compiler has made a copy of its own for that call.
 */
static bool exits_by_namespaces __read_mostly;

/*
 * switch_task_namespaces(p, to): setns and unshare come into effect. Also called by
 * exec (for the time namespace), and with NULL by exit.
 */
static int hook_namespaces(struct kprobe *kprobe, struct pt_regs *regs)
{
	struct task_struct *p = (void *)regs_get_kernel_argument(regs, 0);
	struct nsproxy *to = (void *)regs_get_kernel_argument(regs, 1);

	hook_count(kprobe);
	if (!to) {
		if (READ_ONCE(exits_by_namespaces))
			exit_seen(p);
		return 0;
	}
	if (p != current)
		return 0;
	if (to->mnt_ns != home_ns_of(p))
		adopt_switch(to);
	else if (to->net_ns != home_net_of(p) && process_of(p))
		adopt_switch_net(to->net_ns);
	return 0;
}

/*
 * setup_new_exec(): current has begun to be another program, and its other threads are
 * gone. It has not executed an instruction of that, and no exec can fail any more but by
 * its death.
 */
static int hook_exec(struct kprobe *kprobe, struct pt_regs *regs)
{
	hook_count(kprobe);
	if (process_of(current))
		adopt_exec();
	if (unlikely(unlabelled_may_be(task_tgid(current))))
		unlabelled_exec();
	return 0;
}

/* audit_log_end(ab): a record is complete. The first member of ab is the skb. */
static int hook_record_end(struct kprobe *kprobe, struct pt_regs *regs)
{
	struct sk_buff **ab = (void *)regs_get_kernel_argument(regs, 0);
	struct container *c;
	u16 type;

	hook_count(kprobe);
	if (!ab)
		return 0;
	type = nlmsg_hdr(*ab)->nlmsg_type;
	c = container_of_subject();
	if (c) {
		this_cpu_inc(c->counts->ended);
		if (tag_wanted_inside(type))
			tag_record(*ab, c, type);
		rate_record();
	} else if (tag_wanted(type)) {
		tag_record(*ab, NULL, type);
	}
	return 0;
}

/* audit_log_lost(message): a record is dropped, be it before it has begun or at its end. */
static int hook_record_lost(struct kprobe *kprobe, struct pt_regs *regs)
{
	struct container *c;

	hook_count(kprobe);
	c = container_of_subject();
	if (c)
		tag_lost(c, (const char *)regs_get_kernel_argument(regs, 0));
	return 0;
}

/* audit_receive(skb): a message has come to audit, perhaps of a process that will be auditd. */
static int hook_auditd(struct kprobe *kprobe, struct pt_regs *regs)
{
	hook_count(kprobe);
	auditd_asked_for((const struct sk_buff *)regs_get_kernel_argument(regs, 0));
	return 0;
}

/* audit_tg(skb, par), audit_tg_ebt(skb, par): a packet comes to iptables' target AUDIT. */
static int hook_packet_xt(struct kprobe *kprobe, struct pt_regs *regs)
{
	const struct xt_action_param *par = (void *)regs_get_kernel_argument(regs, 1);

	hook_count(kprobe);
	packet_seen(xt_net(par));
	return 0;
}

/* nft_log_eval(expr, regs, pkt): a packet comes to nftables' log, which may be for audit. */
static int hook_packet_nft(struct kprobe *kprobe, struct pt_regs *regs)
{
	const struct nft_pktinfo *pkt = (void *)regs_get_kernel_argument(regs, 2);

	hook_count(kprobe);
	packet_seen(nft_net(pkt));
	return 0;
}

/* What must be seen, by which functions of the kernel, and what is lost without. */
const struct hook handlers[HOOK_COUNT] = {
	[HOOK_FORK] = {
		.purpose = "fork",
		.symbols = { "wake_up_new_task" },
		.lost = "children would not inherit their contid",
		.handle = hook_fork,
	},
	[HOOK_EXIT] = {
		.purpose = "exit",
		.symbols = { "exit_files" },
		.lost = "the end of a container would be missed",
		.handle = hook_exit,
	},
	[HOOK_RELEASE] = {
		.purpose = "release",
		/* the second name from 6.19 on */
		.symbols = { "cgroup_release", "cgroup_task_release" },
		.lost = "labels of dead processes would pile up",
		.handle = hook_release,
	},
	[HOOK_NAMESPACES] = {
		.purpose = "namespaces",
		.symbols = { "switch_task_namespaces" },
		.lost = "a process that enters a container would not be adopted",
		.handle = hook_namespaces,
	},
	[HOOK_EXEC] = {
		.purpose = "exec",
		.symbols = { "setup_new_exec" },
		.lost = "a thread that enters a container would take no process with it",
		.handle = hook_exec,
	},
	[HOOK_RECORD_END] = {
		.purpose = "record-end",
		.symbols = { "audit_log_end" },
		.lost = "records would carry no contid",
		.is_blind = true,
		.handle = hook_record_end,
	},
	[HOOK_RECORD_LOST] = {
		.purpose = "record-lost",
		.symbols = { "audit_log_lost" },
		.lost = "lost records could not be counted",
		.handle = hook_record_lost,
	},
	[HOOK_AUDITD] = {
		.purpose = "auditd",
		.symbols = { "audit_receive" },
		.lost = "signals to an auditd that has been restarted would not be recorded",
		.handle = hook_auditd,
	},
};

/* Each function that makes records of type NETFILTER_PKT: packet.c relies on that. */
const struct late_hook late_handlers[LATE_COUNT] = {
	{
		.module = "xt_AUDIT",
		.symbol = "audit_tg",
		.purpose = "packet",
		.handle = hook_packet_xt,
	},
	{
		.module = "xt_AUDIT",
		.symbol = "audit_tg_ebt",
		.purpose = "packet",
		.may_lack = true,
		.handle = hook_packet_xt,
	},
	{
		.module = "nft_log",
		.symbol = "nft_log_eval",
		.purpose = "packet",
		.handle = hook_packet_nft,
	},
};

/**
 * handlers_join_exits - the hook of namespaces has been seen to see exits: that of exit goes
 *
 * Each exit, of a thread too, costs one probe less. For a moment both see one.
 *
 * Context: may sleep; no process carries a contid yet.
 */
void handlers_join_exits(void)
{
	WRITE_ONCE(exits_by_namespaces, true);
	hook_detach(HOOK_EXIT);
}
