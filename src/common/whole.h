/* SPDX-License-Identifier: GPL-2.0 */
/* All of a file, or nothing. */
#ifndef COMMON_WHOLE_H
#define COMMON_WHOLE_H

#include <stdbool.h>
#include <stddef.h>

const char *whole_read(int fd, char *text, size_t length);
bool whole_write(int fd, const char *text, size_t length);

#endif
