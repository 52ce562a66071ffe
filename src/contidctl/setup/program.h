/* SPDX-License-Identifier: GPL-2.0 */
/* Programs of others that make them read what was changed. */
#ifndef SETUP_PROGRAM_H
#define SETUP_PROGRAM_H

#include <stdbool.h>

bool program_run(const char *const *argv);
bool program_run_silent(const char *const *argv);

#endif
