// SPDX-License-Identifier: GPL-2.0
/*
 * A process of a container signals auditd: SIGTERM ends it, SIGHUP has it read its
 * configuration, SIGUSR1 begins another log, SIGUSR2 goes on logging. The kernel keeps for
 * auditd the pid, the uid and the security context of the last sender of one of these, and
 * keeps that of one that was refused, too. Here each that was sent is on record.
 *
 * The tracepoint signal_generate is where a signal has been permitted and comes to its
 * target. audit_signal_info() is called before anybody has asked whether it is permitted,
 * and what a system call returns at last, a tracer of the sender may have changed.
 *
 * A container may send as many as it likes: each signal of each container has a limit, so
 * that neither another container nor another signal is passed over for that.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/bitops.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/ratelimit.h>
#include <linux/rcupdate.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/tracepoint.h>
#include <linux/audit_contid.h>
#include <trace/events/signal.h>

#include "auditd.h"
#include "hooks.h"
#include "owed.h"
#include "record.h"
#include "registry.h"
#include "signalled.h"

#define POINT	 "signal_generate"
#define RECORDED (sigmask(SIGHUP) | sigmask(SIGUSR1) | sigmask(SIGUSR2) | sigmask(SIGTERM))
/* of each signal of each container */
#define INTERVAL (60 * HZ)
#define BURST	 20

/**
 * struct sent - a signal that is to be recorded, once its sender returns to userspace
 * @owed: writes it
 * @sig: the signal
 * @opid: auditd, which may be gone by then
 */
struct sent {
	struct owed owed;
	int sig;
	pid_t opid;
};

static struct tracepoint *point;
static DEFINE_PER_CPU(u64, hits);
static atomic64_t passed = ATOMIC64_INIT(0);
/* the self-test: whom it signals, and whether that was seen */
static struct task_struct *proof;
static bool proven;

/* auditd may end with the record in its socket: nobody reads that any more. */
static void tell_kernel_log(pid_t opid)
{
	struct container *c = container_of_process(task_tgid(current));

	if (!c)
		return;
	pr_notice("pid %d of container %s has sent SIGTERM to auditd, pid %d\n",
		  task_tgid_nr(current), c->label, opid);
	container_put(c);
}

static void pay(struct owed *owed)
{
	struct sent *sent = container_of(owed, struct sent, owed);

	record_signal(sent->sig, sent->opid);
	if (sent->sig == SIGTERM)
		tell_kernel_log(sent->opid);
	kfree(sent);
}

static bool owe_record(int sig, struct task_struct *auditd)
{
	struct sent *sent = kmalloc(sizeof(*sent), GFP_ATOMIC | __GFP_NOWARN);

	if (!sent)
		return false;
	sent->sig = sig;
	sent->opid = task_tgid_nr(auditd);
	owed_prepare(&sent->owed, pay);
	owed_add(&sent->owed);
	return true;
}

static struct ratelimit_state *limit_of(struct container *c, int sig)
{
	return &c->signals[hweight_long(RECORDED & (sigmask(sig) - 1))];
}

/*
 * What the kernel sends by itself is not the deed of current: it has no siginfo of a call,
 * or one that no caller can make. None at all stands for that of kill(), which newer kernels
 * do not make up before it is needed.
 */
static bool was_sent_by_current(const struct kernel_siginfo *info)
{
	return in_task() && !(current->flags & PF_KTHREAD) &&
	       (info == SEND_SIG_NOINFO || (info > SEND_SIG_PRIV && SI_FROMUSER(info)));
}

static noinline void auditd_signalled(int sig, const struct kernel_siginfo *info,
				      struct task_struct *auditd)
{
	const struct process *process;
	struct container *c;

	if (!was_sent_by_current(info))
		return;
	rcu_read_lock();
	process = process_of(current);
	c = process ? READ_ONCE(process->container) : NULL;
	if (c && !(__ratelimit(limit_of(c, sig)) && owe_record(sig, auditd)))
		atomic64_inc(&passed);
	rcu_read_unlock();
}

/*
 * Each signal on the machine comes by: with the target's ->siglock held, and interrupts off.
 * A signal that auditd ignores, or has pending already, was sent all the same.
 */
static void signal_seen(void *unused, int sig, struct kernel_siginfo *info,
			struct task_struct *task, int group, int result)
{
	this_cpu_inc(hits);
	if ((sigmask(sig) & RECORDED) && unlikely(auditd_is(task_tgid(task))))
		auditd_signalled(sig, info, task);
}

static void proof_seen(void *unused, int sig, struct kernel_siginfo *info, struct task_struct *task,
		       int group, int result)
{
	if (task == proof && sig == SIGUSR1)
		WRITE_ONCE(proven, true);
}

static void find_point(struct tracepoint *tp, void *unused)
{
	if (!strcmp(tp->name, POINT))
		point = tp;
}

/**
 * signalled_prepare - prepare a container's limits
 * @c: the container, which nobody can find yet
 */
void signalled_prepare(struct container *c)
{
	unsigned int i;

	BUILD_BUG_ON(ARRAY_SIZE(c->signals) != hweight_long(RECORDED));
	for (i = 0; i < ARRAY_SIZE(c->signals); i++) {
		ratelimit_state_init(&c->signals[i], INTERVAL, BURST);
		/* what is passed over is counted, and not told to the kernel's log */
		ratelimit_set_flags(&c->signals[i], RATELIMIT_MSG_ON_RELEASE);
	}
}

/**
 * signalled_init - see each signal
 *
 * Context: may sleep.
 * Return: 0, or an error with a message.
 */
int signalled_init(void)
{
	int err = -ENOENT;

	/* does the compiler find this kernel's arguments to be ours? */
	check_trace_callback_type_signal_generate(signal_seen);
	if (!hook_hidden(POINT))
		for_each_kernel_tracepoint(find_point, NULL);
	if (point)
		err = tracepoint_probe_register(point, signal_seen, NULL);
	if (!err)
		return 0;
	pr_err("cannot attach to the tracepoint %s (%d): signals to auditd would not be recorded. This kernel is not supported: please report it, with the kernel's version\n",
	       POINT, err);
	return -EOPNOTSUPP;
}

/**
 * signalled_prove - does the tracepoint say what it is believed to say?
 * @thread: a kernel thread, which does not mind a signal
 *
 * Context: the self-test; may sleep.
 */
bool signalled_prove(struct task_struct *thread)
{
	proof = thread;
	if (!tracepoint_probe_register(point, proof_seen, NULL)) {
		send_sig(SIGUSR1, thread, 1);
		tracepoint_probe_unregister(point, proof_seen, NULL);
		tracepoint_synchronize_unregister();
	}
	if (!proven)
		pr_err("the tracepoint %s does not say which process is signalled. This kernel is not supported: please report it, with the kernel's version\n",
		       POINT);
	return proven;
}

/**
 * signalled_probe - what is seen of the tracepoint, as of the other probes
 * @out: zeros; filled in
 */
void signalled_probe(struct audit_contid_probe *out)
{
	int cpu;

	strscpy(out->symbol, POINT, sizeof(out->symbol));
	strscpy(out->purpose, "signal", sizeof(out->purpose));
	for_each_possible_cpu(cpu)
		out->hits += READ_ONCE(per_cpu(hits, cpu));
	out->proven = proven;
}

/** signalled_passed - signals of containers to auditd that have no record */
u64 signalled_passed(void)
{
	return atomic64_read(&passed);
}

/** signalled_exit - see none any more, and wait until no handler runs. May sleep. */
void signalled_exit(void)
{
	tracepoint_probe_unregister(point, signal_seen, NULL);
	tracepoint_synchronize_unregister();
}
