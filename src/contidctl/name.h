/* SPDX-License-Identifier: GPL-2.0 */
/* The name of a container, as its engine knows it. */
#ifndef CONTIDCTL_NAME_H
#define CONTIDCTL_NAME_H

#include <stdbool.h>

#define RUNTIME_ID 65 /* the 64 digits of a runtime, and their NUL */

bool name_derive(const char *text, char id[RUNTIME_ID]);
bool name_find(const char *name, char id[RUNTIME_ID]);

#endif
