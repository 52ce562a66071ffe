/* SPDX-License-Identifier: GPL-2.0 */
/* libauparse on a text that changes, whatever its version is. */
#ifndef CONTIDCTL_AUPARSE_BUFFER_H
#define CONTIDCTL_AUPARSE_BUFFER_H

#include <auparse.h>
#include <stdbool.h>
#include <stddef.h>

auparse_state_t *auparse_buffer_new(const char *text);
bool auparse_buffer_set(auparse_state_t **au, char *text, size_t len);

#endif
