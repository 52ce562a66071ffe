/* SPDX-License-Identifier: GPL-2.0 */
/* Text that another chose, in a line of ours. */
#ifndef COMMON_ESCAPE_H
#define COMMON_ESCAPE_H

#include <stddef.h>

void escape(const char *text, char *out, size_t size);

#endif
