/* SPDX-License-Identifier: GPL-2.0 */
/* All that must hold, one line for each. */
#ifndef CONTIDCTL_CHECKS_H
#define CONTIDCTL_CHECKS_H

#include "finding.h"
#include "patient.h"

/**
 * struct check - one thing that must hold
 * @name: what it is called, also by programs: it does not change
 * @look: find out
 *
 * A table of them ends with one that has no name.
 */
struct check {
	const char *name;
	void (*look)(const struct patient *patient, struct finding *finding);
};

extern const struct check module_checks[];
extern const struct check audit_checks[];
extern const struct check auditd_checks[];
extern const struct check log_checks[];
extern const struct check engine_checks[];
extern const struct check container_checks[];

/* not the doctor's: for contidctl check alone */
extern const struct check trail_checks[];

#endif
