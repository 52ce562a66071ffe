/* SPDX-License-Identifier: GPL-2.0 */
/* Text that somebody else chose, in a line of ours. */
#ifndef OCI_HOOK_ESCAPE_H
#define OCI_HOOK_ESCAPE_H

#include <stddef.h>

void escape(const char *text, char *out, size_t size);

#endif
