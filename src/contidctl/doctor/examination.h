/* SPDX-License-Identifier: GPL-2.0 */
/* All checks, one after the other. */
#ifndef CONTIDCTL_EXAMINATION_H
#define CONTIDCTL_EXAMINATION_H

#include <stdbool.h>

#include "finding.h"
#include "patient.h"

enum verdict examine(bool json);
bool examination_look(const struct patient *patient, const char *name, struct finding *finding);

#endif
