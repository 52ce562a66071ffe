/* SPDX-License-Identifier: GPL-2.0 */
/* What contidctl adopt prints. */
#ifndef CONTIDCTL_ADOPT_PRINT_H
#define CONTIDCTL_ADOPT_PRINT_H

#include "adoption.h"
#include "columns.h"

extern struct column adopt_columns[];

void adopt_print(const struct adoption *adoption);
void adopt_print_new(const struct adoption *adoption);
void adopt_print_json(const struct adoption *adoption);

#endif
