// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "counters.h"
#include "patient.h"

/**
 * patient_read - ask the module and the kernel's audit for their state
 * @patient: out
 *
 * Nothing of it fails as a whole: what cannot be known is noted with its errno.
 */
void patient_read(struct patient *patient)
{
	*patient = (struct patient){};
	uname(&patient->kernel);
	patient->device_state = device_try(&patient->device);
	if (patient->device_state == DEVICE_OPEN)
		patient->probes = counters_read(patient->device.fd, &patient->stats);
	else
		patient->device_err = errno;
	patient->status_err = kernel_audit_status(&patient->status);
	patient->rules_err = kernel_audit_rules(&patient->rules);
}

/** patient_free - close and free what patient_read() has opened and allocated */
void patient_free(struct patient *patient)
{
	if (patient->device_state == DEVICE_OPEN)
		close(patient->device.fd);
	free(patient->probes);
}
