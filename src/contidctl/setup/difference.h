/* SPDX-License-Identifier: GPL-2.0 */
/* What would be changed in a file, as diff -u prints it. */
#ifndef SETUP_DIFFERENCE_H
#define SETUP_DIFFERENCE_H

#include "below.h"

const char *difference_print(const char *path, const struct bytes *to);

#endif
