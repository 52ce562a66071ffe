/* SPDX-License-Identifier: GPL-2.0 */
/* The name of a container, as its engine knows it. */
#ifndef CONTIDCTL_NAME_H
#define CONTIDCTL_NAME_H

#include "wanted.h"

bool name_derive(const char *text, char id[CONTID_TEXT]);
void name_find(const char *name, struct candidates *ids);
void name_each(void (*take)(void *data, const char *id, const char *name), void *data);

#endif
