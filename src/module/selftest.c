// SPDX-License-Identifier: GPL-2.0
/*
 * The proof at load that each hook sees its part: a thread of ours is born, signalled, exits
 * and is released, a record of ours begins and ends, and audit is asked something. While it
 * runs no process carries a contid, so the hooks have nothing else to do. All but those of
 * exec and of lost records, which nothing here brings about, are diverted to the witnesses
 * below, which know our thread, our record and our question from everyone else's.
 *
 * audit_log() begins and ends its record from inside audit.c, which is where a
 * split function shows: the callers in there jump to the part.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/audit.h>
#include <linux/bits.h>
#include <linux/completion.h>
#include <linux/kthread.h>
#include <linux/netlink.h>
#include <linux/preempt.h>
#include <linux/ptrace.h>
#include <linux/skbuff.h>
#include <linux/uaccess.h>
#include <net/netlink.h>

#include "auditd.h"
#include "handlers.h"
#include "selftest.h"
#include "signalled.h"

#define BIRTHS	 32
#define PATIENCE (10 * HZ)

/**
 * struct birth - a kernel thread that was born while the self-test ran
 * @p: the thread, to compare with only
 * @kprobe: the probe that saw it
 */
static struct birth {
	struct task_struct *p;
	struct kprobe *kprobe;
} births[BIRTHS];
static atomic_t nr_births;
static struct task_struct *thread;
static struct task_struct *self;
static unsigned long seen;
/* A handler was called as in an NMI: it may not allocate there, nor take a lock. */
static bool as_nmi;
static DECLARE_COMPLETION(released);

static void witnessed(enum hook_id id, struct kprobe *kprobe)
{
	set_bit(id, &seen);
	hook_proven(kprobe);
	if (in_nmi())
		WRITE_ONCE(as_nmi, true);
}

/* Arguments that are not proven yet may be anything. */
static bool is_kthread(const struct task_struct *p)
{
	unsigned int flags;

	return !copy_from_kernel_nofault(&flags, &p->flags, sizeof(flags)) && (flags & PF_KTHREAD);
}

/*
 * The thread is not known before it is born: keep the last births. Few of them are of
 * kernel threads, however much the machine forks.
 */
static int witness_fork(struct kprobe *kprobe, struct pt_regs *regs)
{
	struct task_struct *p = (void *)regs_get_kernel_argument(regs, 0);

	hook_count(kprobe);
	if (is_kthread(p)) {
		struct birth *birth = &births[(unsigned int)atomic_inc_return(&nr_births) % BIRTHS];

		WRITE_ONCE(birth->kprobe, kprobe);
		WRITE_ONCE(birth->p, p);
	}
	return 0;
}

static int witness_exit(struct kprobe *kprobe, struct pt_regs *regs)
{
	struct task_struct *tsk = (void *)regs_get_kernel_argument(regs, 0);

	hook_count(kprobe);
	if (tsk == READ_ONCE(thread) && tsk == current)
		witnessed(HOOK_EXIT, kprobe);
	return 0;
}

static int witness_release(struct kprobe *kprobe, struct pt_regs *regs)
{
	struct task_struct *p = (void *)regs_get_kernel_argument(regs, 0);

	hook_count(kprobe);
	if (p == READ_ONCE(thread)) {
		witnessed(HOOK_RELEASE, kprobe);
		complete(&released);
	}
	return 0;
}

/*
 * It exits, and so leaves its namespaces for none, unless the compiler has made that call in
 * its own way: then the hook of exit is needed. That 0 comes by in the place of an argument
 * proves nothing of a split function, which may have lost it.
 */
static int witness_namespaces(struct kprobe *kprobe, struct pt_regs *regs)
{
	struct task_struct *p = (void *)regs_get_kernel_argument(regs, 0);

	hook_count(kprobe);
	if (p == READ_ONCE(thread) && p == current && !regs_get_kernel_argument(regs, 1))
		set_bit(HOOK_NAMESPACES, &seen);
	return 0;
}

/*
 * The layout of struct audit_buffer is private to audit.c: trust nothing until a
 * record has been read through it.
 */
static int record_type(const void *ab)
{
	const struct nlmsghdr *nlh;
	const struct sk_buff *skb;
	char text[6];
	u16 type;

	if (!ab || copy_from_kernel_nofault(&skb, ab, sizeof(skb)) ||
	    copy_from_kernel_nofault(&nlh, &skb->data, sizeof(nlh)) ||
	    copy_from_kernel_nofault(&type, &nlh->nlmsg_type, sizeof(type)) ||
	    copy_from_kernel_nofault(text, nlmsg_data(nlh), sizeof(text)) ||
	    memcmp(text, "audit(", sizeof(text)))
		return -1;
	return type;
}

static int witness_record_end(struct kprobe *kprobe, struct pt_regs *regs)
{
	void *ab = (void *)regs_get_kernel_argument(regs, 0);

	hook_count(kprobe);
	if (current == self && in_task() && record_type(ab) == AUDIT_KERNEL_OTHER)
		witnessed(HOOK_RECORD_END, kprobe);
	return 0;
}

/* The question which process is auditd: a message that is known. */
static int witness_auditd(struct kprobe *kprobe, struct pt_regs *regs)
{
	const struct sk_buff *skb = (void *)regs_get_kernel_argument(regs, 0);
	const struct nlmsghdr *nlh;
	u16 type;

	hook_count(kprobe);
	if (auditd_asks() && !copy_from_kernel_nofault(&nlh, &skb->data, sizeof(nlh)) &&
	    !copy_from_kernel_nofault(&type, &nlh->nlmsg_type, sizeof(type)) && type == AUDIT_GET) {
		witnessed(HOOK_AUDITD, kprobe);
		auditd_heard();
	}
	return 0;
}

/* If no record could be had at load, the first one that comes is looked at. */
static int witness_late_record_end(struct kprobe *kprobe, struct pt_regs *regs)
{
	void *ab = (void *)regs_get_kernel_argument(regs, 0);
	int type;

	if (!ab)
		return 0;
	type = record_type(ab);
	if (type < AUDIT_GET) {
		hook_count(kprobe);
		pr_err_once("%s: this is no record, please report it: nothing is tagged\n",
			    hook_symbol(HOOK_RECORD_END));
		return 0;
	}
	hook_accept(kprobe);
	return hook_of(HOOK_RECORD_END)->handle(kprobe, regs);
}

/*
 * No record can be lost on purpose, and namespaces are only left here, by a call that the
 * compiler may have made in its own way: a split audit_log_lost() or
 * switch_task_namespaces() stays unproven.
 */
static const kprobe_pre_handler_t witnesses[HOOK_COUNT] = {
	[HOOK_FORK] = witness_fork,
	[HOOK_EXIT] = witness_exit,
	[HOOK_RELEASE] = witness_release,
	[HOOK_NAMESPACES] = witness_namespaces,
	[HOOK_RECORD_END] = witness_record_end,
	[HOOK_AUDITD] = witness_auditd,
};

static int thread_main(void *unused)
{
	return 0;
}

static int selftest_thread(void)
{
	struct task_struct *born;
	int i, err = 0;

	born = kthread_create(thread_main, NULL, "audit_contid");
	if (IS_ERR(born))
		return PTR_ERR(born);
	get_task_struct(born);
	for (i = 0; i < BIRTHS; i++) {
		if (READ_ONCE(births[i].p) == born)
			witnessed(HOOK_FORK, READ_ONCE(births[i].kprobe));
	}
	if (!signalled_prove(born))
		err = -EOPNOTSUPP;
	WRITE_ONCE(thread, born);
	wake_up_process(born);
	/* it is in our text no more, whatever the hooks have seen */
	kthread_stop(born);
	wait_for_completion_timeout(&released, PATIENCE);
	WRITE_ONCE(thread, NULL);
	put_task_struct(born);
	return err;
}

static bool direct_record(void)
{
	/* GFP_ATOMIC: do not wait for an auditd that may be stopped */
	struct audit_buffer *ab = audit_log_start(NULL, GFP_ATOMIC, AUDIT_KERNEL_OTHER);

	if (!ab)
		return false;
	audit_log_format(ab, "op=hooks res=1");
	audit_log_end(ab);
	return true;
}

/*
 * Prove the record hooks, by a record from outside of audit.c and one from inside.
 * The latter is dropped without a word if audit's queue has just become full: a
 * record behind it shows that. Return: false if audit takes no records, so that
 * nothing is proven nor refuted.
 */
static bool selftest_record(void)
{
	bool end;

	if (audit_enabled == AUDIT_OFF || !direct_record())
		return false;
	end = test_and_clear_bit(HOOK_RECORD_END, &seen);
	audit_log(NULL, GFP_ATOMIC, AUDIT_KERNEL_OTHER, "op=hooks res=1");
	if (test_bit(HOOK_RECORD_END, &seen)) {
		if (!end)
			clear_bit(HOOK_RECORD_END, &seen);
		return true;
	}
	if (!direct_record())
		return false;
	clear_bit(HOOK_RECORD_END, &seen);
	return true;
}

static bool is_proven(enum hook_id id, unsigned long untried)
{
	bool tried = !(untried & BIT(id));

	/* the end of a record has its late witness */
	if (hook_unproven(id) && tried)
		return false;
	if (!witnesses[id] || id == HOOK_NAMESPACES || test_bit(id, &seen))
		return true;
	if (tried)
		return false;
	pr_notice("audit takes no %s now: %s could not be proven\n",
		  id == HOOK_AUDITD ? "questions" : "records", hook_symbol(id));
	return true;
}

/* Does the hook of namespaces see each exit, with arguments that can be believed? */
static bool exits_are_seen_twice(void)
{
	return test_bit(HOOK_NAMESPACES, &seen) && !hook_unproven(HOOK_NAMESPACES);
}

/* Either nothing came by, or not with the arguments that the kernel's source says. */
static void refuse(enum hook_id id)
{
	const char *split = hook_unproven(id);

	pr_err("%s is attached but %s: %s. This kernel is not supported: please report it, with the kernel's version\n",
	       split ?: hook_symbol(id),
	       split ? "its arguments could not be proven" : "was passed by", hook_of(id)->lost);
}

/**
 * selftest_run - prove the hooks
 *
 * Context: may sleep; no process carries a contid yet.
 * Return: 0, or -EOPNOTSUPP with a message that names the symbol, or the context.
 */
int selftest_run(void)
{
	unsigned long untried = 0;
	int id, err;

	self = current;
	for (id = 0; id < HOOK_COUNT; id++)
		hook_divert(id, witnesses[id]);
	err = selftest_thread();
	if (!selftest_record())
		untried |= BIT(HOOK_RECORD_END);
	if (!auditd_ask())
		untried |= BIT(HOOK_AUDITD);
	for (id = 0; id < HOOK_COUNT; id++)
		hook_divert(id, NULL);
	/* one that came meanwhile */
	auditd_ask_soon();
	for (id = 0; !err && id < HOOK_COUNT; id++) {
		if (is_proven(id, untried))
			continue;
		refuse(id);
		err = -EOPNOTSUPP;
	}
	if (!err && READ_ONCE(as_nmi)) {
		pr_err("probes are handled as NMIs: their handlers may not allocate there. This kernel is not supported: please report it, with the kernel's version\n");
		err = -EOPNOTSUPP;
	}
	if (err)
		return err;
	if (exits_are_seen_twice())
		handlers_join_exits();
	hook_divert_unproven(HOOK_RECORD_END, witness_late_record_end);
	return 0;
}
