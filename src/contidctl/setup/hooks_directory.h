/* SPDX-License-Identifier: GPL-2.0 */
/* The directory of hooks that podman and CRI-O read. */
#ifndef SETUP_HOOKS_DIRECTORY_H
#define SETUP_HOOKS_DIRECTORY_H

#include "engines.h"

void hooks_directory_plan(struct plan *plan, const char *const *configurations);

#endif
