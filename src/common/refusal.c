// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "contid.h"
#include "holders.h"
#include "message.h"
#include "refusal.h"

#ifndef PIDFD_THREAD
#define PIDFD_THREAD O_EXCL
#endif

/* A person has to end those processes, or to find out whose they are. */
static void format_holders(const struct device *device, const struct registration *what,
			   const char *id, char text[REFUSAL_TEXT])
{
	char held[HOLDERS_TEXT] = "";
	struct holders holders;

	if (holders_read(&holders, device, &what->contid)) {
		holders_format(&holders, &what->contid, held);
		holders_free(&holders);
	}
	snprintf(text, REFUSAL_TEXT,
		 "a live container, which `contidctl list` shows, has the ID %s already%s%s%s: "
		 "choose another, end that container, or use --join to enter it",
		 id, *held ? " (" : "", held, *held ? ")" : "");
}

static void format_invalid(const struct audit_contid_info *info, const struct registration *what,
			   char text[REFUSAL_TEXT])
{
	if (what->tree && !(info->features & AUDIT_CONTID_FEATURE_TREE))
		snprintf(text, REFUSAL_TEXT,
			 "the loaded module (version %s) cannot register trees: install a newer "
			 "one, or leave --tree out",
			 info->module_version);
	else
		snprintf(text, REFUSAL_TEXT,
			 "process %d is a kernel thread, which cannot be in a container",
			 what->pid);
}

static void format_children(const struct registration *what, char text[REFUSAL_TEXT])
{
	if (what->pid == getppid())
		snprintf(text, REFUSAL_TEXT,
			 "process %d has children, contidctl among them: start the command with "
			 "`contidctl run`",
			 what->pid);
	else
		snprintf(text, REFUSAL_TEXT,
			 "process %d has children, which would be left out: register it before "
			 "it forks, or use --tree",
			 what->pid);
}

static void format_outside(const struct registration *what, const char *id, char text[REFUSAL_TEXT])
{
	if (what->join)
		snprintf(text, REFUSAL_TEXT,
			 "container %s is not nested in what process %d carries, or either is "
			 "outside of %s's own container",
			 id, what->pid, message_program);
	else
		snprintf(text, REFUSAL_TEXT, "process %d is outside of %s's own container",
			 what->pid, message_program);
}

/**
 * refusal_format - say why the module has refused something, and what to do about it
 * @device: the open device
 * @what: the process and the container that it was about
 * @err: its answer
 * @text: out; ends with the errno's name
 */
void refusal_format(const struct device *device, const struct registration *what, int err,
		    char text[REFUSAL_TEXT])
{
	const struct audit_contid_info *info = &device->info;
	char id[CONTID_TEXT];
	size_t used;

	contid_format(&what->contid, id);
	switch (err) {
	case ESRCH:
		snprintf(text, REFUSAL_TEXT,
			 "process %d does not exist in this PID namespace, or has ended",
			 what->pid);
		break;
	case EINVAL:
		format_invalid(info, what, text);
		break;
	case EXDEV:
		format_outside(what, id, text);
		break;
	case EEXIST:
		snprintf(text, REFUSAL_TEXT,
			 "process %d was registered before, and an ID is written once", what->pid);
		break;
	case EBUSY:
		format_children(what, text);
		break;
	case ENOTUNIQ:
		format_holders(device, what, id, text);
		break;
	case ENOENT:
		snprintf(text, REFUSAL_TEXT,
			 "no live container has the ID %s: see `contidctl list`", id);
		break;
	case EMLINK:
		snprintf(text, REFUSAL_TEXT,
			 "the container would be nested deeper than %u, the module's parameter "
			 "max_depth",
			 info->max_depth);
		break;
	case ENOSPC:
		snprintf(text, REFUSAL_TEXT,
			 "%u containers live already, the module's parameter max_containers",
			 info->max_containers);
		break;
	default:
		snprintf(text, REFUSAL_TEXT, "%s", contid_strerror(CONTID_REGISTER, err));
	}
	used = strlen(text);
	snprintf(text + used, REFUSAL_TEXT - used, " (%s)", strerror(err));
}

/* A thread that is no leader has a pidfd of its own from Linux 6.9 on. */
static int pidfd_open_any(pid_t pid)
{
	int fd = syscall(SYS_pidfd_open, pid, 0);

	return fd >= 0 ? fd : syscall(SYS_pidfd_open, pid, PIDFD_THREAD);
}

/**
 * registration_explained - register a process, and print a message if that is refused
 * @device: the open device
 * @what: the process and its container
 *
 * Return: false if it was refused; errno is then what the message explains.
 */
bool registration_explained(const struct device *device, struct registration *what)
{
	int pidfd = pidfd_open_any(what->pid);
	int err = what->start ? registration_start(device, what, pidfd) :
				registration_ask(device, what, pidfd);
	char text[REFUSAL_TEXT];

	if (pidfd >= 0)
		close(pidfd);
	if (err) {
		refusal_format(device, what, err, text);
		message("%s", text);
	}
	errno = err;
	return !err;
}
