// SPDX-License-Identifier: GPL-2.0
/*
 * Which process is auditd. The kernel knows, but exports nothing that would say: it is asked
 * as `auditctl -s` asks it, by a message AUDIT_GET, at load and each time a process has asked
 * to be auditd or to be it no more (AUDIT_SET). Until the kernel has answered, one that
 * asks counts as auditd, too: it is known before it can be signalled.
 *
 * A process is kept as its struct pid, so that a number that is used again is another
 * process. The kernel answers with a number; who has just asked is known without it.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/audit.h>
#include <linux/completion.h>
#include <linux/cred.h>
#include <linux/net.h>
#include <linux/netlink.h>
#include <linux/pid_namespace.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>
#include <net/net_namespace.h>
#include <net/netlink.h>
#include <net/sock.h>

#include "auditd.h"
#include "owed.h"

#define PATIENCE (10 * HZ)
/* so many messages of others may come before the answer */
#define STRANGERS 16

/**
 * struct answer - what comes back from the kernel
 * @head: its type, or that of an error
 * @status: if it is AUDIT_GET's
 * @error: if it is an error
 */
struct answer {
	struct nlmsghdr head;
	union {
		struct audit_status status;
		struct nlmsgerr error;
	};
};

/* What the kernel has said, and who has asked to be it since; each with a reference. */
struct pid *auditd_known;
struct pid *auditd_next;
/* the kernel has judged whether the second is auditd: an answer from now on says so */
static bool next_judged;
/* for changes of these: handlers, task work and the worker; nothing is taken inside */
static DEFINE_RAW_SPINLOCK(auditd_lock);
/* the worker, while it asks */
static struct task_struct *asking;
static int last_answer = -EAGAIN;
static DECLARE_COMPLETION(answered);

static int receive(struct socket *socket)
{
	struct sockaddr_nl from;
	struct answer answer;
	int i, len;

	for (i = 0; i < STRANGERS; i++) {
		struct kvec place = { &answer, sizeof(answer) };
		struct msghdr msg = { .msg_name = &from, .msg_namelen = sizeof(from) };

		memset(&answer, 0, sizeof(answer));
		len = kernel_recvmsg(socket, &msg, &place, 1, sizeof(answer), 0);
		if (len < 0)
			return len;
		/* root of the network namespace can send here, too */
		if (from.nl_pid || len < (int)sizeof(answer.head))
			continue;
		if (answer.head.nlmsg_type == AUDIT_GET)
			return answer.status.pid;
		if (answer.head.nlmsg_type == NLMSG_ERROR)
			return answer.error.error ?: -EPROTO;
	}
	return -EPROTO;
}

/*
 * The message has an address: so the kernel looks at the capabilities of the task that
 * sends it, and not at those of the socket's file, which there is none of.
 * Return: auditd's number, 0 if there is none, or an error.
 */
static int ask_kernel(void)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	struct nlmsghdr question = {
		.nlmsg_len = NLMSG_HDRLEN,
		.nlmsg_type = AUDIT_GET,
		.nlmsg_flags = NLM_F_REQUEST,
	};
	struct kvec place = { &question, sizeof(question) };
	struct msghdr msg = { .msg_name = &kernel, .msg_namelen = sizeof(kernel) };
	struct socket *socket;
	int err;

	err = sock_create_kern(&init_net, PF_NETLINK, SOCK_RAW, NETLINK_AUDIT, &socket);
	if (err)
		return err;
	socket->sk->sk_rcvtimeo = PATIENCE;
	err = kernel_sendmsg(socket, &msg, &place, 1, sizeof(question));
	if (err >= 0)
		err = receive(socket);
	sock_release(socket);
	return err;
}

/* Takes over the reference. One whose answer is yet to come goes on being the next. */
static void replace(struct pid *known, const struct pid *judged)
{
	struct pid *gone, *gone_next = NULL;

	raw_spin_lock_irq(&auditd_lock);
	gone = auditd_known;
	WRITE_ONCE(auditd_known, known);
	if (judged && auditd_next == judged) {
		gone_next = auditd_next;
		WRITE_ONCE(auditd_next, NULL);
	}
	raw_spin_unlock_irq(&auditd_lock);
	put_pid(gone);
	put_pid(gone_next);
}

static struct pid *get(struct pid *const *from)
{
	struct pid *pid;

	raw_spin_lock_irq(&auditd_lock);
	pid = get_pid(*from);
	raw_spin_unlock_irq(&auditd_lock);
	return pid;
}

static struct pid *get_judged(void)
{
	struct pid *pid;

	raw_spin_lock_irq(&auditd_lock);
	pid = next_judged ? get_pid(auditd_next) : NULL;
	raw_spin_unlock_irq(&auditd_lock);
	return pid;
}

/*
 * Whoever has asked, or is known already, is not looked up by its number: it may have died
 * since, and another process have that.
 */
static void learn(int nr, const struct pid *judged)
{
	struct pid *next = get(&auditd_next);
	struct pid *known = get(&auditd_known);
	struct pid *now = NULL;

	if (nr && pid_nr(next) == nr)
		now = get_pid(next);
	else if (nr && pid_nr(known) == nr)
		now = get_pid(known);
	else if (nr)
		now = find_get_pid(nr);
	replace(now, judged);
	put_pid(known);
	put_pid(next);
}

/* The worker's credentials are the kernel's own, and so are its namespaces. */
static void ask_work(struct work_struct *work)
{
	struct pid *judged = get_judged();
	int nr;

	WRITE_ONCE(asking, current);
	nr = ask_kernel();
	WRITE_ONCE(asking, NULL);
	if (nr >= 0)
		learn(nr, judged);
	else if (nr != -EPROTONOSUPPORT)
		pr_warn("audit does not say which process is auditd (%d): signals to it may have no record\n",
			nr);
	put_pid(judged);
	WRITE_ONCE(last_answer, nr);
	complete(&answered);
}

static DECLARE_WORK(question, ask_work);

/**
 * auditd_asks - is current the worker that asks the kernel just now?
 *
 * Context: the self-test's handler.
 */
bool auditd_asks(void)
{
	return current == READ_ONCE(asking);
}

/**
 * auditd_heard - the question has come to audit: no need to wait for the answer
 *
 * Audit holds up who asks while its queue is full.
 *
 * Context: the self-test's handler.
 */
void auditd_heard(void)
{
	WRITE_ONCE(last_answer, 0);
	complete(&answered);
}

/**
 * auditd_ask_soon - ask the kernel which process is auditd
 *
 * Context: process context.
 */
void auditd_ask_soon(void)
{
	schedule_work(&question);
}

/**
 * auditd_ask - likewise, and wait for that to be heard
 *
 * Context: may sleep; until audit has heard the question (auditd_heard()).
 * Return: false if audit has said nothing: it is off, or has not answered yet.
 */
bool auditd_ask(void)
{
	reinit_completion(&answered);
	auditd_ask_soon();
	return wait_for_completion_timeout(&answered, PATIENCE) && READ_ONCE(last_answer) >= 0;
}

static void pay(struct owed *owed)
{
	kfree(owed);
	raw_spin_lock_irq(&auditd_lock);
	if (auditd_next == task_tgid(current))
		next_judged = true;
	raw_spin_unlock_irq(&auditd_lock);
	auditd_ask_soon();
}

/* The kernel has judged by when the task is on its way to userspace: it is asked then. */
static void owe_question(void)
{
	struct owed *owed = kmalloc(sizeof(*owed), GFP_ATOMIC | __GFP_NOWARN);

	/* without memory who has asked counts as auditd until the next one does */
	if (!owed)
		return;
	owed_prepare(owed, pay);
	owed_add(owed);
}

/* Does the first message say who auditd is? Only an auditd sends that, and nothing with it. */
static const struct audit_status *status_of(const struct sk_buff *skb)
{
	const struct nlmsghdr *head = nlmsg_hdr(skb);
	const struct audit_status *status = nlmsg_data(head);

	if (skb->len < NLMSG_HDRLEN + offsetofend(struct audit_status, pid) ||
	    head->nlmsg_type != AUDIT_SET || !(status->mask & AUDIT_STATUS_PID))
		return NULL;
	return status;
}

/* Whom the kernel refuses anyway is not looked at. */
static bool may_control_audit(void)
{
	return current_user_ns() == &init_user_ns && task_active_pid_ns(current) == &init_pid_ns &&
	       cap_raised(current_cred()->cap_effective, CAP_AUDIT_CONTROL);
}

/**
 * auditd_asked_for - a message has come to audit: does it make the sender auditd?
 * @skb: the message, which the kernel has not looked at
 *
 * Context: the handler of audit_receive().
 */
void auditd_asked_for(const struct sk_buff *skb)
{
	const struct audit_status *status = status_of(skb);
	struct pid *gone = NULL;
	unsigned long flags;

	if (!status || !may_control_audit())
		return;
	if (status->pid && status->pid == task_tgid_nr(current)) {
		raw_spin_lock_irqsave(&auditd_lock, flags);
		gone = auditd_next;
		WRITE_ONCE(auditd_next, get_pid(task_tgid(current)));
		next_judged = false;
		raw_spin_unlock_irqrestore(&auditd_lock, flags);
		put_pid(gone);
	}
	owe_question();
}

/** auditd_exit - forget it. May sleep; no handler runs, and nothing is owed. */
void auditd_exit(void)
{
	cancel_work_sync(&question);
	put_pid(auditd_known);
	put_pid(auditd_next);
}
