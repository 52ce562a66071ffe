/* SPDX-License-Identifier: GPL-2.0 */
/* The runtime that this program stands in for. */
#ifndef RUNTIME_REAL_H
#define RUNTIME_REAL_H

#include <stdbool.h>

const char *real_find(char *path, bool tell);

#endif
