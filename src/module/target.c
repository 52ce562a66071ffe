// SPDX-License-Identifier: GPL-2.0
/*
 * From a pidfd or a pid to a process. A pidfd is known by its structure: the
 * kernel exports no function that reads one.
 */
#include <linux/dcache.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/pid.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/audit_contid.h>

#include "compat.h"
#include "hooks.h"
#include "target.h"

/* Up to 6.8, and later if the kernel was built without pidfs. */
static bool is_anon_pidfd(const struct file *file)
{
	return file_inode(file)->i_sb->s_magic == ANON_INODE_FS_MAGIC &&
	       !strcmp(file->f_path.dentry->d_name.name, "[pidfd]");
}

/* The pid of a pidfd, with a reference. */
static struct pid *pidfd_read(const struct file *file)
{
	struct inode *inode = file_inode(file);
	struct pid *pid;

	if (is_anon_pidfd(file))
		pid = file->private_data;
	else if (CONTID_PIDFS && inode->i_sb->s_magic == CONTID_PIDFS)
		pid = inode->i_private;
	else
		return ERR_PTR(-EBADF);
	return pid && !hook_hidden("pidfd") ? get_pid(pid) : ERR_PTR(-EOPNOTSUPP);
}

/**
 * target_get - find the target of an ioctl
 * @flags: AUDIT_CONTID_PIDFD or AUDIT_CONTID_PID
 * @target: the pidfd, or the pid in the caller's PID namespace
 *
 * Context: may sleep.
 * Return: the task, perhaps not the leader, with a reference; or -EBADF,
 * -EOPNOTSUPP, -ESRCH.
 */
struct task_struct *target_get(u32 flags, s32 target)
{
	struct task_struct *task = NULL;
	struct pid *pid;

	if (flags & AUDIT_CONTID_PIDFD) {
		struct file *file = fget(target);

		if (!file)
			return ERR_PTR(-EBADF);
		pid = pidfd_read(file);
		fput(file);
		if (IS_ERR(pid))
			return ERR_CAST(pid);
	} else {
		pid = find_get_pid(target);
	}
	if (pid && pid_vnr(pid))
		task = get_pid_task(pid, PIDTYPE_PID);
	put_pid(pid);
	return task ?: ERR_PTR(-ESRCH);
}

/**
 * target_is_unborn - has a process never run, and not inherited yet?
 * @tgid: the process
 *
 * Its leader is asked for here, as that of a thread may be gone: an exec changes it, and
 * not in threads that are dead by then. A process without one is taken for unborn: fork puts
 * its task into the list of all a moment before it gives it its number. Or it was released,
 * and there is nothing in it to be labelled.
 *
 * Context: any. Handlers are in an RCU section by having preemption off, but pid_task() on
 * a kernel with lockdep wants to see rcu_read_lock().
 */
bool target_is_unborn(struct pid *tgid)
{
	const struct task_struct *leader;
	bool unborn;

	rcu_read_lock();
	leader = pid_task(tgid, PIDTYPE_TGID);
	unborn = !leader || contid_task_state(leader) == TASK_NEW;
	rcu_read_unlock();
	return unborn;
}
