/* SPDX-License-Identifier: GPL-2.0 */
/* Files that nobody but root can have written. */
#ifndef COMMON_TRUSTED_H
#define COMMON_TRUSTED_H

int trusted_open(const char *path);

#endif
