// SPDX-License-Identifier: GPL-2.0
/* The module: installed, signed, loaded, of this version, and with its probes on. */
#define _GNU_SOURCE /* strverscmp */
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "checks.h"
#include "module_file.h"
#include "refused_load.h"

#define MODULES "/lib/modules"
#define SIGNED	"~Module signature appended~\n"

static bool is_loaded(void)
{
	return !access("/sys/module/" MODULE, F_OK);
}

static void todo_build(struct finding *finding, const char *release)
{
	if (access("/var/lib/dkms/" MODULE, F_OK))
		finding_todo(finding,
			     "install the package audit-contid-dkms and the headers of %s (Debian: "
			     "linux-headers-%s)",
			     release, release);
	else
		finding_todo(finding,
			     "install the headers of %s (Debian: linux-headers-%s); dkms "
			     "autoinstall -k %s",
			     release, release, release);
}

static void look_built(const struct patient *patient, struct finding *finding)
{
	const char *release = patient->kernel.release;
	char path[PATH_MAX], why[REFUSED_LOAD_TEXT];

	if (module_file_find(release, path)) {
		finding_set(finding, VERDICT_OK, "installed for the running kernel: %s", path);
		return;
	}
	if (refused_build(release, why)) {
		finding_set(finding, VERDICT_FAIL, "not built for the running kernel: %s", why);
		finding_todo(finding, "see /var/lib/dkms/" MODULE "/" VERSION "/build/make.log");
		return;
	}
	finding_set(finding, is_loaded() ? VERDICT_WARN : VERDICT_FAIL,
		    "not installed for the running kernel %s%s", release,
		    is_loaded() ? ": it is gone with the next boot" : "");
	todo_build(finding, release);
}

/* What is left of a kernel that was removed has no kernel/ there. */
static bool is_kernel(const char *release)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), MODULES "/%s/kernel", release);
	return *release != '.' && !access(path, F_OK);
}

static bool find_newest(char *newest, size_t size)
{
	DIR *directory = opendir(MODULES);
	struct dirent *entry;

	*newest = '\0';
	while (directory && (entry = readdir(directory))) {
		if (is_kernel(entry->d_name) && strverscmp(entry->d_name, newest) > 0)
			snprintf(newest, size, "%s", entry->d_name);
	}
	if (directory)
		closedir(directory);
	return *newest;
}

static void look_next(const struct patient *patient, struct finding *finding)
{
	char newest[NAME_MAX + 1], path[PATH_MAX];

	if (!find_newest(newest, sizeof(newest)) ||
	    strverscmp(newest, patient->kernel.release) <= 0) {
		finding_set(finding, VERDICT_OK, "no newer kernel than the running one is here");
	} else if (module_file_find(newest, path)) {
		finding_set(finding, VERDICT_OK, "installed for the newest kernel: %s", path);
	} else {
		finding_set(finding, VERDICT_WARN,
			    "not installed for the newest kernel %s, which the next boot may take",
			    newest);
		todo_build(finding, newest);
	}
}

static bool ends_with_signature(const char *path)
{
	char end[sizeof(SIGNED)] = "";
	FILE *file = fopen(path, "re");
	bool is_signed;

	if (!file)
		return false;
	is_signed = !fseek(file, -(long)strlen(SIGNED), SEEK_END) &&
		    fread(end, 1, strlen(SIGNED), file) == strlen(SIGNED) && !strcmp(end, SIGNED);
	fclose(file);
	return is_signed;
}

static void look_signed(const struct patient *patient, struct finding *finding)
{
	char path[PATH_MAX];

	if (!module_file_needs_signature()) {
		finding_set(finding, VERDICT_OK, "this kernel takes modules without a signature");
	} else if (is_loaded()) {
		finding_set(finding, VERDICT_OK, "this kernel has accepted the signature");
	} else if (!module_file_find(patient->kernel.release, path)) {
		finding_set(finding, VERDICT_UNKNOWN,
			    "this kernel wants a signature, and no module is there");
	} else if (strcmp(path + strlen(path) - 3, ".ko") || ends_with_signature(path)) {
		finding_set(finding, VERDICT_WARN,
			    "this kernel only takes modules that are signed by an enrolled key");
		finding_todo(finding, "modinfo -F signer %s; mokutil --import %s", path,
			     module_file_dkms_signs() ? DKMS_KEY : "the key of that signer");
	} else {
		finding_set(finding, VERDICT_FAIL,
			    "this kernel only takes signed modules, and %s has no signature", path);
		finding_todo(finding,
			     module_file_dkms_signs() ?
				     "dkms remove and install " MODULE
				     ", which signs it; mokutil --import " DKMS_KEY :
				     "dkms has no key here and signs nothing by itself: have it "
				     "sign as docs/install.md says, Secure Boot");
	}
}

static void look_loaded(const struct patient *patient, struct finding *finding)
{
	char why[REFUSED_LOAD_TEXT];

	(void)patient;
	if (is_loaded()) {
		finding_set(finding, VERDICT_OK, "loaded");
	} else if (refused_load(why)) {
		finding_set(finding, VERDICT_FAIL,
			    "not loaded: nothing is labelled. The kernel log said last: %s", why);
		finding_todo(finding, "modprobe " MODULE ", once that is mended");
	} else {
		finding_set(finding, VERDICT_FAIL, "not loaded: nothing is labelled");
		finding_todo(finding, "modprobe " MODULE "; if that fails, dmesg says why");
	}
}

static void look_device(const struct patient *patient, struct finding *finding)
{
	const char *text = strerror(patient->device_err);

	if (patient->device_state == DEVICE_OPEN) {
		finding_set(finding, VERDICT_OK, "%s answers", AUDIT_CONTID_DEVICE);
	} else if (patient->device_err == EACCES || patient->device_err == EPERM) {
		finding_set(finding, VERDICT_FAIL, "%s: %s", AUDIT_CONTID_DEVICE, text);
		finding_todo(finding, "run this as root of the host");
	} else if (!is_loaded()) {
		finding_set(finding, VERDICT_UNKNOWN, "%s comes with the module",
			    AUDIT_CONTID_DEVICE);
	} else if (patient->device_state == DEVICE_CLOSED) {
		finding_set(finding, VERDICT_FAIL, "the module is loaded, and %s: %s",
			    AUDIT_CONTID_DEVICE, text);
		finding_todo(finding, "run this on the host, outside of any container");
	} else {
		finding_set(finding, VERDICT_FAIL, "%s answers, but not as contidctl expects: %s",
			    AUDIT_CONTID_DEVICE, text);
		finding_todo(finding, "install module and tools of one version");
	}
}

static bool is_open(const struct patient *patient, struct finding *finding)
{
	if (patient->device_state == DEVICE_OPEN && patient->probes)
		return true;
	finding_set(finding, VERDICT_UNKNOWN, "not known, as the module does not answer");
	return false;
}

static void look_version(const struct patient *patient, struct finding *finding)
{
	const char *version = patient->device.info.module_version;

	if (patient->device_state != DEVICE_VERSION && !is_open(patient, finding))
		return;
	if (!strcmp(version, VERSION)) {
		finding_set(finding, VERDICT_OK, "module and tools are %s", VERSION);
		return;
	}
	finding_set(finding, VERDICT_WARN, "the loaded module is %s, the tools are %s", version,
		    VERSION);
	finding_todo(finding, "install both of one version; load the module anew as "
			      "docs/operations.md says, without losing an ID");
}

/*
 * The module cannot prove that probe by itself. This program was executed while the module
 * was loaded: so it has been hit, or never will be.
 */
static bool has_seen_no_exec(const struct patient *patient)
{
	bool seen = false, there = false;

	for (uint32_t i = 0; i < patient->stats.count; i++) {
		if (strcmp(patient->probes[i].purpose, "exec"))
			continue;
		there = true;
		seen |= patient->probes[i].hits > 0;
	}
	return there && !seen;
}

/* How many probes there are that must be on. */
static unsigned int needed(const struct patient *patient)
{
	unsigned int count = 0;

	for (uint32_t i = 0; i < patient->stats.count; i++)
		count += !(patient->probes[i].flags & AUDIT_CONTID_PROBE_OPTIONAL);
	return count;
}

static void look_probes(const struct patient *patient, struct finding *finding)
{
	const struct audit_contid_stats *stats = &patient->stats;

	if (!is_open(patient, finding))
		return;
	if (!stats->hooks_on) {
		finding_set(finding, VERDICT_FAIL,
			    "the kernel's probes are switched off: nothing is labelled");
		finding_todo(finding, "echo 1 >/sys/kernel/debug/kprobes/enabled");
	} else if (has_seen_no_exec(patient)) {
		finding_set(finding, VERDICT_FAIL,
			    "that of exec has not seen this program being executed: threads that "
			    "enter a container take no process along, and nothing is recorded as "
			    "unlabelled");
		finding_todo(finding, "this kernel is not supported: please report it, with its "
				      "version");
	} else if (stats->hooks_off_seen) {
		finding_set(finding, VERDICT_WARN,
			    "on, and found switched off %" PRIu64 " times since the module was "
			    "loaded: processes that began meanwhile may have no ID",
			    (uint64_t)stats->hooks_off_seen);
		finding_todo(finding, "contidctl events, type KERNEL_OTHER, op=hooks says when; "
				      "contidctl adopt");
	} else {
		finding_set(finding, VERDICT_OK,
			    "%u are on, and were so since the module was "
			    "loaded",
			    needed(patient));
	}
}

/* They refuse nothing: without them it is not known whose a packet on record is. */
static void look_packets(const struct patient *patient, struct finding *finding)
{
	unsigned int attached = 0;

	if (!is_open(patient, finding))
		return;
	for (uint32_t i = 0; i < patient->stats.count; i++) {
		const struct audit_contid_probe *probe = &patient->probes[i];

		if (!(probe->flags & AUDIT_CONTID_PROBE_OPTIONAL))
			continue;
		if (probe->flags & AUDIT_CONTID_PROBE_FAILED) {
			finding_set(
				finding, VERDICT_WARN,
				"%s could not be attached to: records of packets say netcontid=?",
				probe->symbol);
			finding_todo(finding, "dmesg says why; please report it, with the kernel's "
					      "version");
			return;
		}
		attached += !(probe->flags & AUDIT_CONTID_PROBE_ABSENT);
	}
	if (attached)
		finding_set(finding, VERDICT_OK,
			    "%u optional probes are on, for records of packets", attached);
	else
		finding_set(finding, VERDICT_OK,
			    "no module is loaded that makes records of packets: those probes come "
			    "with it");
}

static void look_missed(const struct patient *patient, struct finding *finding)
{
	uint64_t missed = 0;

	if (!is_open(patient, finding))
		return;
	for (uint32_t i = 0; i < patient->stats.count; i++)
		missed += patient->probes[i].nmissed;
	if (!missed) {
		finding_set(finding, VERDICT_OK, "no probe was passed over");
		return;
	}
	finding_set(finding, VERDICT_WARN,
		    "probes were passed over %" PRIu64 " times, as others were at work", missed);
	finding_todo(finding, "contidctl stats says which; end what else sets kprobes there");
}

const struct check module_checks[] = {
	{ "module-built", look_built },	    { "module-next", look_next },
	{ "module-signed", look_signed },   { "module-loaded", look_loaded },
	{ "device", look_device },	    { "version", look_version },
	{ "probes", look_probes },	    { "probes-missed", look_missed },
	{ "probes-packets", look_packets }, {},
};
