// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "contid.h"
#include "message.h"
#include "registration.h"

#ifndef PIDFD_THREAD
#define PIDFD_THREAD O_EXCL
#endif

/**
 * pid_parse - read a process number
 * @text: decimal digits, nothing else
 * @pid: out
 */
bool pid_parse(const char *text, pid_t *pid)
{
	unsigned long n;

	if (!*text || text[strspn(text, "0123456789")])
		return false;
	errno = 0;
	n = strtoul(text, NULL, 10);
	*pid = n;
	return !errno && n > 0 && n <= INT32_MAX;
}

/* A thread that is no leader has a pidfd of its own from Linux 6.9 on. */
static int pidfd_open_any(pid_t pid)
{
	int fd = syscall(SYS_pidfd_open, pid, 0);

	return fd >= 0 ? fd : syscall(SYS_pidfd_open, pid, PIDFD_THREAD);
}

static void explain(const struct device *device, const struct registration *what, int err)
{
	const struct audit_contid_info *info = &device->info;
	const char *text = strerror(err);
	char id[CONTID_TEXT];

	contid_format(&what->contid, id);
	switch (err) {
	case EPERM:
		message("%s: CAP_AUDIT_CONTROL in the initial user namespace is needed", text);
		break;
	case ESRCH:
		message("%s: process %d does not exist in this PID namespace, or has ended", text,
			what->pid);
		break;
	case EINVAL:
		if (what->tree && !(info->features & AUDIT_CONTID_FEATURE_TREE))
			message("%s: the loaded module (version %s) can not register trees: "
				"install a newer one, or leave --tree out",
				text, info->module_version);
		else
			message("%s: process %d is a kernel thread, which can not be in a "
				"container",
				text, what->pid);
		break;
	case EXDEV:
		if (what->join)
			message("%s: container %s is not nested in what process %d carries, or "
				"either is outside of %s's own container",
				text, id, what->pid, message_program);
		else
			message("%s: process %d is outside of %s's own container", text, what->pid,
				message_program);
		break;
	case EEXIST:
		message("%s: process %d was registered before, and an ID is written once", text,
			what->pid);
		break;
	case EBUSY:
		if (what->pid == getppid())
			message("%s: process %d has children, contidctl for one: start what is to "
				"be in the container with `contidctl run`",
				text, what->pid);
		else
			message("%s: process %d has children, who would be left out: register it "
				"before it forks, or use --tree",
				text, what->pid);
		break;
	case ENOTUNIQ:
		message("%s: a live container, which `contidctl list` shows, has the ID %s "
			"already: choose another, end that container, or use --join to enter it",
			text, id);
		break;
	case ENOENT:
		message("%s: no live container has the ID %s: see `contidctl list`", text, id);
		break;
	case EMLINK:
		message("%s: it would be nested deeper than %u, the module's parameter max_depth",
			text, info->max_depth);
		break;
	case ENOSPC:
		message("%s: %u containers live already, the module's parameter max_containers",
			text, info->max_containers);
		break;
	case EINTR:
		message("%s: nothing was registered: try again", text);
		break;
	case ENOMEM:
		message("%s: nothing was registered: try again when there is memory", text);
		break;
	default:
		message("%s: see the kernel log, and op=register in the audit log", text);
	}
}

/**
 * registration_ask - register a process, without a word
 * @device: the open device
 * @what: the process and its container
 * @pidfd: the process once more, or -1
 *
 * It is named by the pidfd where there is one and the kernel's can be read, else
 * by its number.
 *
 * Return: 0 or an errno.
 */
int registration_ask(const struct device *device, const struct registration *what, int pidfd)
{
	struct audit_contid_register arg = {
		.flags = (what->join ? AUDIT_CONTID_JOIN : 0) |
			 (what->tree ? AUDIT_CONTID_TREE : 0) |
			 (what->restore ? AUDIT_CONTID_RESTORE : 0),
		.contid = what->contid,
	};
	int err = EOPNOTSUPP;

	if (pidfd >= 0 && device->info.features & AUDIT_CONTID_FEATURE_PIDFD) {
		arg.flags |= AUDIT_CONTID_PIDFD;
		arg.target = pidfd;
		err = ioctl(device->fd, AUDIT_CONTID_IOC_REGISTER, &arg) ? errno : 0;
	}
	if (err == EOPNOTSUPP) {
		arg.flags &= ~AUDIT_CONTID_PIDFD;
		arg.flags |= AUDIT_CONTID_PID;
		arg.target = what->pid;
		err = ioctl(device->fd, AUDIT_CONTID_IOC_REGISTER, &arg) ? errno : 0;
	}
	return err;
}

/**
 * registration_do - register a process
 * @device: the open device
 * @what: the process and its container
 *
 * Return: false where it was refused; a message has told why, and errno is what
 * it told of.
 */
bool registration_do(const struct device *device, const struct registration *what)
{
	int pidfd = pidfd_open_any(what->pid);
	int err = registration_ask(device, what, pidfd);

	if (pidfd >= 0)
		close(pidfd);
	if (err)
		explain(device, what, err);
	errno = err;
	return !err;
}
