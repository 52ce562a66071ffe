// SPDX-License-Identifier: GPL-2.0
/*
 * A process's namespaces, as numbers for the record. No reference is taken: that
 * would keep a container's mounts busy.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/audit.h>
#include <linux/cgroup.h>
#include <linux/cred.h>
#include <linux/fs.h>
#include <linux/ipc_namespace.h>
#include <linux/namei.h>
#include <linux/ns_common.h>
#include <linux/nsproxy.h>
#include <linux/pid_namespace.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/time_namespace.h>
#include <linux/user_namespace.h>
#include <linux/utsname.h>
#include <net/net_namespace.h>

#include "compat.h"
#include "hooks.h"
#include "namespaces.h"

static dev_t nsfs_dev;
static bool mnt_known;

static const char *const names[AUDIT_CONTID_NS_COUNT] = {
	[AUDIT_CONTID_NS_MNT] = "mntns",       [AUDIT_CONTID_NS_PID] = "pidns",
	[AUDIT_CONTID_NS_NET] = "netns",       [AUDIT_CONTID_NS_USER] = "userns",
	[AUDIT_CONTID_NS_UTS] = "utsns",       [AUDIT_CONTID_NS_IPC] = "ipcns",
	[AUDIT_CONTID_NS_CGROUP] = "cgroupns", [AUDIT_CONTID_NS_TIME] = "timens",
};

static u32 mnt_ino(const struct nsproxy *proxy)
{
	return contid_mnt_common(proxy->mnt_ns)->inum;
}

/**
 * namespaces_init - learn nsfs's device, and whether compat.h has the layout right
 *
 * If /proc is not mounted, both stay unknown.
 *
 * Context: may sleep.
 * Return: 0, or -EOPNOTSUPP with a message if it has not.
 */
int namespaces_init(void)
{
	struct path path;
	int err = 0;

	if (kern_path("/proc/self/ns/mnt", LOOKUP_FOLLOW, &path))
		return 0;
	if (path.dentry->d_sb->s_magic == NSFS_MAGIC) {
		nsfs_dev = path.dentry->d_sb->s_dev;
		mnt_known = mnt_ino(current->nsproxy) == d_inode(path.dentry)->i_ino &&
			    !hook_hidden("mnt_namespace");
		err = mnt_known ? 0 : -EOPNOTSUPP;
	}
	path_put(&path);
	if (err)
		pr_err("struct mnt_namespace is not laid out as known: a process that enters a container would not be adopted. This kernel is not supported: please report it, with the kernel's version\n");
	return err;
}

/*
 * The first thread that has namespaces: the one that is known of a process may have
 * exited, as its leader. Return: with a reference.
 */
static struct task_struct *thread_alive(struct task_struct *task)
{
	struct task_struct *thread, *found = task;

	rcu_read_lock();
	for_each_thread(task, thread) {
		/* only whether there is one: it is read under task_lock() */
		if (data_race(thread->nsproxy)) {
			found = thread;
			break;
		}
	}
	get_task_struct(found);
	rcu_read_unlock();
	return found;
}

static void thread_read(struct task_struct *task, struct namespaces *ns)
{
	struct pid_namespace *pid_ns;
	struct nsproxy *proxy;

	memset(ns, 0, sizeof(*ns));
	ns->dev = nsfs_dev;
	task_lock(task);
	proxy = task->nsproxy;
	if (proxy) {
		if (mnt_known)
			ns->ino[AUDIT_CONTID_NS_MNT] = mnt_ino(proxy);
		ns->ino[AUDIT_CONTID_NS_NET] = proxy->net_ns->ns.inum;
		ns->ino[AUDIT_CONTID_NS_UTS] = proxy->uts_ns->ns.inum;
#ifdef CONFIG_IPC_NS
		ns->ino[AUDIT_CONTID_NS_IPC] = proxy->ipc_ns->ns.inum;
#endif
		ns->ino[AUDIT_CONTID_NS_CGROUP] = proxy->cgroup_ns->ns.inum;
#ifdef CONFIG_TIME_NS
		ns->ino[AUDIT_CONTID_NS_TIME] = proxy->time_ns->ns.inum;
#endif
	}
	task_unlock(task);
	rcu_read_lock();
	pid_ns = task_active_pid_ns(task);
	if (pid_ns)
		ns->ino[AUDIT_CONTID_NS_PID] = pid_ns->ns.inum;
	ns->ino[AUDIT_CONTID_NS_USER] = __task_cred(task)->user_ns->ns.inum;
	rcu_read_unlock();
}

/**
 * namespaces_read - read a process's namespaces
 * @task: any of its threads, with a reference
 * @ns: the result; zeros for what is gone already
 *
 * Context: process context; takes task_lock().
 */
void namespaces_read(struct task_struct *task, struct namespaces *ns)
{
	struct task_struct *alive = thread_alive(task);

	thread_read(alive, ns);
	put_task_struct(alive);
}

/**
 * namespaces_log - write them into a record
 * @ab: the record
 * @ns: the namespaces, NULL if nothing is known
 */
void namespaces_log(struct audit_buffer *ab, const struct namespaces *ns)
{
	int i;

	if (ns && ns->dev)
		audit_log_format(ab, " nsdev=%u:%u", MAJOR(ns->dev), MINOR(ns->dev));
	else
		audit_log_format(ab, " nsdev=?");
	for (i = 0; i < AUDIT_CONTID_NS_COUNT; i++) {
		if (ns && ns->ino[i])
			audit_log_format(ab, " %s=%u", names[i], ns->ino[i]);
		else
			audit_log_format(ab, " %s=?", names[i]);
	}
}
