// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "device.h"
#include "message.h"

#define MODULE "audit_contid"

/* Is it anywhere under /lib/modules/RELEASE, compressed or not? */
static bool module_is_built(const char *release)
{
	char directory[sizeof("/lib/modules/") + sizeof(((struct utsname *)0)->release)];
	char *const paths[] = { directory, NULL };
	bool found = false;
	FTSENT *entry;
	FTS *tree;

	snprintf(directory, sizeof(directory), "/lib/modules/%s", release);
	tree = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR | FTS_NOSTAT, NULL);
	if (!tree)
		return false;
	while (!found && (entry = fts_read(tree)))
		found = !strncmp(entry->fts_name, MODULE ".ko", strlen(MODULE ".ko"));
	fts_close(tree);
	return found;
}

static bool file_begins(const char *path, const char *with)
{
	char text[64] = "";
	FILE *file = fopen(path, "re");
	bool begins;

	if (!file)
		return false;
	begins = fgets(text, sizeof(text), file) && !strncmp(text, with, strlen(with));
	fclose(file);
	return begins;
}

/* Does the kernel refuse what no key of its own has signed? */
static bool signature_is_needed(void)
{
	static const char lockdown[] = "/sys/kernel/security/lockdown";

	return file_begins("/sys/module/module/parameters/sig_enforce", "Y") ||
	       (!access(lockdown, R_OK) && !file_begins(lockdown, "[none]"));
}

static void explain_missing(int err)
{
	const char *text = strerror(err);
	struct utsname kernel;

	if (!access("/sys/module/" MODULE, F_OK)) {
		message("%s: the module is loaded, but there is no %s here: is this a container? "
			"`cat /sys/class/misc/" MODULE "/dev` tells its numbers",
			text, AUDIT_CONTID_DEVICE);
		return;
	}
	uname(&kernel);
	if (module_is_built(kernel.release)) {
		message("%s: the module is not loaded: try `modprobe " MODULE "`; "
			"where that fails, the kernel log says why%s",
			text,
			signature_is_needed() ? "; this kernel only takes modules that are signed "
						"by an enrolled key: `mokutil --import "
						"/var/lib/dkms/mok.pub` enrols that of dkms" :
						"");
		return;
	}
	message("%s: the module is not loaded, and none is built for the running kernel %s: "
		"install dkms and that kernel's headers (Debian: linux-headers-%s), run "
		"`dkms autoinstall`, then `modprobe " MODULE "`",
		text, kernel.release, kernel.release);
}

static void explain_open(int err)
{
	switch (err) {
	case ENOENT:
	case ENODEV:
	case ENXIO:
		explain_missing(err);
		break;
	case EACCES:
	case EPERM:
		message("%s: %s: " DEVICE_NEEDS, AUDIT_CONTID_DEVICE, strerror(err));
		break;
	default:
		message("%s: %s", AUDIT_CONTID_DEVICE, strerror(err));
	}
}

static void explain_info(int err)
{
	if (err == ENOTTY)
		message("%s does not answer as this %s expects: "
			"install the module and %s of one version",
			AUDIT_CONTID_DEVICE, message_program, message_program);
	else
		explain_open(err);
}

/**
 * device_open - open the device and ask what the module is
 * @device: out
 *
 * Return: false where it can not be used; a message has told why, and errno is
 * what it told of.
 */
bool device_open(struct device *device)
{
	struct audit_contid_info *info = &device->info;
	int err;

	device->fd = open(AUDIT_CONTID_DEVICE, O_RDWR | O_CLOEXEC);
	if (device->fd < 0) {
		err = errno;
		explain_open(err);
		errno = err;
		return false;
	}
	if (ioctl(device->fd, AUDIT_CONTID_IOC_INFO, info)) {
		err = errno;
		explain_info(err);
		close(device->fd);
		errno = err;
		return false;
	}
	info->module_version[sizeof(info->module_version) - 1] = '\0';
	if (info->api_version != AUDIT_CONTID_API_VERSION) {
		message("the loaded module (version %s) has interface %u, this %s (version "
			"%s) needs %u: install the module and %s of one version",
			info->module_version, info->api_version, message_program, VERSION,
			AUDIT_CONTID_API_VERSION, message_program);
		close(device->fd);
		errno = EPROTO;
		return false;
	}
	if (!info->hooks_on)
		message("warning: the kernel's probes are switched off, so nothing is tagged and "
			"nothing inherits: write 1 to /sys/kernel/debug/kprobes/enabled");
	return true;
}
