// SPDX-License-Identifier: GPL-2.0
/* What an errno of the device means. */
#include <audit-contid.h>
#include <errno.h>
#include <stddef.h>

/* of every call */
#define CAPABILITY                                                     \
	"this takes CAP_AUDIT_CONTROL in the initial user namespace, " \
	"which root of the host has and root of a user namespace has not"

struct meaning {
	int err;
	const char *text;
};

static const struct meaning of_open[] = {
	{ ENOENT, "the module audit_contid is not loaded, or this is a container without its "
		  "device" },
	{ ENODEV, "the module audit_contid is not loaded" },
	{ ENXIO, "the module audit_contid is not loaded" },
	{ EACCES, CAPABILITY },
	{ ENOTTY, "the device is not that of audit_contid, or of a version that is too old" },
	{ EPROTO, "the loaded module has an interface of another version than this program" },
	{},
};

static const struct meaning of_register[] = {
	{ EINVAL, "a flag, the ID or the label is not valid, or the process is a kernel thread" },
	{ E2BIG, "the label is longer than 255 bytes" },
	{ EBADF, "the descriptor is no pidfd" },
	{ EOPNOTSUPP, "this kernel's pidfds cannot be read: name the process by its number" },
	{ ESRCH, "the process does not exist in this PID namespace, or has ended" },
	{ EXDEV, "the process is the caller, or outside of the caller's own container; or the "
		 "container to join is not nested in what the process carries" },
	{ EEXIST, "the process was registered before, and an ID is written once" },
	{ EBUSY, "the process has children, which would be left out: register the tree, or "
		 "register it before it forks" },
	{ ENOTUNIQ, "a live container has this ID already" },
	{ ENOENT, "no live container has this ID" },
	{ EMLINK, "the container would be nested deeper than the module's parameter max_depth" },
	{ ENOSPC, "as many containers as the module's parameter max_containers live already" },
	{ ENOMEM, "nothing was registered: try again when there is memory" },
	{ EAGAIN, "the process came to carry another ID meanwhile: try again" },
	{ EINTR, "nothing was registered: try again" },
	{},
};

static const struct meaning of_get[] = {
	{ EINVAL, "a flag is not valid, or the process is a kernel thread" },
	{ EBADF, "the descriptor is no pidfd" },
	{ EOPNOTSUPP, "this kernel's pidfds cannot be read: name the process by its number" },
	{ ESRCH, "the process does not exist in this PID namespace, or has ended" },
	{ EXDEV, "the process is outside of the caller's own container" },
	{},
};

static const struct meaning of_list[] = {
	{ ENOMEM, "the list could not be read: try again when there is memory" },
	{},
};

static const struct meaning of_label[] = {
	{ ENOENT, "no live container that can be seen from here has this ID" },
	{ ENOTTY, "the loaded module keeps no labels" },
	{},
};

static const struct meaning of_rate[] = {
	{ EINVAL, "a burst without a limit" },
	{ ERANGE, "a limit and a burst have at most 1,000,000 records" },
	{ ENOENT, "no live container that can be seen from here has this ID" },
	{ EXDEV, "this is the caller's own container: it cannot change its limit itself" },
	{ ENOTTY, "the loaded module knows no limits" },
	{},
};

static const struct meaning of_any[] = {
	{ EPERM, CAPABILITY },
	{ EBADF, "the descriptor is not open" },
	{ ENOTTY, "the descriptor is not the device of audit_contid, or the module is too old" },
	{ EFAULT, "an address that was given cannot be read or written" },
	{},
};

static const struct meaning *const meanings[] = {
	[CONTID_OPEN] = of_open, [CONTID_REGISTER] = of_register, [CONTID_GET] = of_get,
	[CONTID_LIST] = of_list, [CONTID_LABEL] = of_label,	  [CONTID_RATE] = of_rate,
};

#define CALLS (sizeof(meanings) / sizeof(*meanings))

static const char *find(const struct meaning *meaning, int err)
{
	while (meaning->text && meaning->err != err)
		meaning++;
	return meaning->text;
}

/**
 * contid_strerror - say what has gone wrong
 * @call: in which call
 * @err: the errno that it has left
 *
 * Return: a text that stays, never NULL: one line, without a full stop.
 */
const char *contid_strerror(enum contid_call call, int err)
{
	const char *text = (size_t)call < CALLS ? find(meanings[call], err) : NULL;

	if (!text)
		text = find(of_any, err);
	return text ?: "the module refused it: see the kernel log, and KERNEL_OTHER in the audit log";
}
