// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <string.h>

#include "holders.h"
#include "message.h"
#include "registration.h"

#define TRIES 4

/**
 * registration_ask - register a process, without a word
 * @device: the open device
 * @what: the process and its container
 * @pidfd: the process once more, or -1
 *
 * It is named by the pidfd if there is one and the kernel's can be read, else by its
 * number.
 *
 * Return: 0 or an errno.
 */
int registration_ask(const struct device *device, const struct registration *what, int pidfd)
{
	unsigned int flags = (what->join ? AUDIT_CONTID_JOIN : 0) |
			     (what->tree ? AUDIT_CONTID_TREE : 0) |
			     (what->restore ? AUDIT_CONTID_RESTORE : 0);
	const char *label = NULL;

	if (!what->join && device->info.features & AUDIT_CONTID_FEATURE_LABEL)
		label = what->label;
	if (pidfd >= 0 && device->info.features & AUDIT_CONTID_FEATURE_PIDFD) {
		if (!contid_register(device->fd, pidfd, flags, &what->contid, label))
			return 0;
		if (errno != EOPNOTSUPP)
			return errno;
	}
	flags |= AUDIT_CONTID_PID;
	return contid_register(device->fd, what->pid, flags, &what->contid, label) ? errno : 0;
}

/* What is left of the last run may end meanwhile, and somebody else may take the ID. */
static int join_leftovers(const struct device *device, struct registration *what, int pidfd)
{
	struct holders holders;
	char held[HOLDERS_TEXT];
	int err = ENOTUNIQ;

	if (!holders_read(&holders, device, &what->contid))
		return err;
	if (holders_have_entered(&holders, device, &what->contid)) {
		what->join = true;
		err = registration_ask(device, what, pidfd);
		what->join = !err;
	}
	if (!err) {
		holders_format(&holders, &what->contid, held);
		message("it joins what is left of its last run, which was entered: %s", held);
	}
	holders_free(&holders);
	return err;
}

/**
 * registration_start - register a container's first process, with whatever belongs to it
 * @device: the open device
 * @what: the process and its container; @tree and @join are set as it was done
 * @pidfd: the process once more, or -1
 *
 * Some runtimes call the hook when the first process has children already (gVisor).
 * And a process that had entered the container's last run may have outlived that: its ID
 * is in use then, but by nobody else's container. If it is joined a message says so.
 *
 * Return: 0 or an errno.
 */
int registration_start(const struct device *device, struct registration *what, int pidfd)
{
	int err;

	for (int i = 0; i < TRIES; i++) {
		err = registration_ask(device, what, pidfd);
		if (err == EBUSY && !what->tree) {
			what->tree = true;
			continue;
		}
		if (err == ENOTUNIQ)
			err = join_leftovers(device, what, pidfd);
		if (err != ENOENT)
			break;
	}
	return err;
}

/**
 * registration_is_done - does a process carry what it was to be registered as?
 * @device: the open device
 * @what: the process and its container
 */
bool registration_is_done(const struct device *device, const struct registration *what)
{
	struct audit_contid_get get;

	return !contid_get(device->fd, what->pid, AUDIT_CONTID_PID, &get) && get.depth &&
	       !memcmp(&get.contid[0], &what->contid, sizeof(what->contid));
}
