/* SPDX-License-Identifier: GPL-2.0 */
/* What the containers that live now are called. */
#ifndef CONTIDCTL_LIVING_H
#define CONTIDCTL_LIVING_H

#include "names.h"

void living_names(struct names *names);

#endif
