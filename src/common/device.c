// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "device.h"
#include "message.h"
#include "module_file.h"
#include "refused_load.h"

static const char *how_to_enrol(void)
{
	if (!module_file_needs_signature())
		return "";
	if (module_file_dkms_signs())
		return "; this kernel only takes modules that are signed by an enrolled key: "
		       "`mokutil --import " DKMS_KEY "` enrols that of dkms";
	return "; this kernel only takes modules that are signed by an enrolled key, and dkms "
	       "has none here: docs/install.md says how to sign";
}

static void explain_missing(int err)
{
	const char *text = strerror(err);
	char path[PATH_MAX], why[REFUSED_LOAD_TEXT];
	struct utsname kernel;

	if (!access("/sys/module/" MODULE, F_OK)) {
		message("the module is loaded, but there is no %s here: is this a container? "
			"`cat /sys/class/misc/" MODULE "/dev` shows its numbers (%s)",
			AUDIT_CONTID_DEVICE, text);
		return;
	}
	uname(&kernel);
	if (module_file_find(kernel.release, path) && refused_load(why)) {
		message("the module is not loaded: try `modprobe " MODULE
			"`; the kernel log said last: %s (%s)",
			why, text);
		return;
	}
	if (module_file_find(kernel.release, path)) {
		message("the module is not loaded: try `modprobe " MODULE "`; "
			"if that fails, the kernel log says why%s (%s)",
			how_to_enrol(), text);
		return;
	}
	if (refused_build(kernel.release, why)) {
		message("the module is not loaded, and was not built for the running kernel: %s "
			"(%s)",
			why, text);
		return;
	}
	message("the module is not loaded, and none is built for the running kernel %s: "
		"install dkms and that kernel's headers (Debian: linux-headers-%s), run "
		"`dkms autoinstall`, then `modprobe " MODULE "` (%s)",
		kernel.release, kernel.release, text);
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
		message("%s " DEVICE_NEEDS " (%s)", AUDIT_CONTID_DEVICE, strerror(err));
		break;
	default:
		message("%s: %s", AUDIT_CONTID_DEVICE, strerror(err));
	}
}

/**
 * device_try - open the device and ask what the module is, without a word
 * @device: out; its info is there for DEVICE_VERSION, too
 *
 * Return: DEVICE_OPEN, or what was in the way, with errno.
 */
enum device_state device_try(struct device *device)
{
	device->fd = contid_open(&device->info);
	if (device->fd >= 0)
		return DEVICE_OPEN;
	switch (errno) {
	case ENOTTY:
		return DEVICE_SILENT;
	case EPROTO:
		return DEVICE_VERSION;
	default:
		return DEVICE_CLOSED;
	}
}

/**
 * device_open - open the device and ask what the module is
 * @device: out
 *
 * Return: false if it cannot be used; a message says why, and errno is
 * what it told of.
 */
bool device_open(struct device *device)
{
	enum device_state state = device_try(device);
	int err = errno;

	switch (state) {
	case DEVICE_OPEN:
		if (!device->info.hooks_on)
			message("warning: the kernel's probes are switched off, so nothing is "
				"tagged and nothing inherits: write 1 to "
				"/sys/kernel/debug/kprobes/enabled");
		return true;
	case DEVICE_CLOSED:
		explain_open(err);
		break;
	case DEVICE_SILENT:
		message("%s does not answer as this %s expects: "
			"install the module and %s of one version",
			AUDIT_CONTID_DEVICE, message_program, message_program);
		break;
	case DEVICE_VERSION:
		message("the loaded module (version %s) has interface %u, this %s (version "
			"%s) needs %u: install the module and %s of one version",
			device->info.module_version, device->info.api_version, message_program,
			VERSION, AUDIT_CONTID_API_VERSION, message_program);
		break;
	}
	errno = err;
	return false;
}
