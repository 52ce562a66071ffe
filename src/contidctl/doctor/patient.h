/* SPDX-License-Identifier: GPL-2.0 */
/* What several checks look at: asked for once. */
#ifndef CONTIDCTL_PATIENT_H
#define CONTIDCTL_PATIENT_H

#include <sys/utsname.h>

#include "device.h"
#include "kernel_audit.h"

/**
 * struct patient - the machine that is looked at
 * @kernel: the kernel that runs
 * @device: the module's device, if @device_state says so
 * @device_state: how far opening it went
 * @device_err: if it is not open, the errno
 * @stats: the module's counters, if @probes
 * @probes: its probes, or NULL
 * @status: of the kernel's audit, if not @status_err
 * @status_err: why it cannot be asked, as errno; 0 if it can
 * @rules: what its rules amount to, if not @rules_err
 * @rules_err: likewise
 */
struct patient {
	struct utsname kernel;
	struct device device;
	enum device_state device_state;
	int device_err;
	struct audit_contid_stats stats;
	struct audit_contid_probe *probes;
	struct audit_status status;
	int status_err;
	struct rules rules;
	int rules_err;
};

void patient_read(struct patient *patient);
void patient_free(struct patient *patient);

#endif
