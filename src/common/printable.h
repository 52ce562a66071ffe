/* SPDX-License-Identifier: GPL-2.0 */
/* Text of others, as it may be shown on a terminal. */
#ifndef COMMON_PRINTABLE_H
#define COMMON_PRINTABLE_H

#include <stdbool.h>
#include <stddef.h>

char *printable(const char *text);
bool is_printable(const char *text, size_t len);

#endif
