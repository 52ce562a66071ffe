/* SPDX-License-Identifier: GPL-2.0 */
/* The name of a container, as its engine knows it. */
#ifndef CONTIDCTL_NAME_H
#define CONTIDCTL_NAME_H

#include "engine_files.h"
#include "wanted.h"

/* @id: as records have it */
typedef void name_take(void *data, const char *id, const struct engine_container *container);

bool name_derive(const char *text, char id[CONTID_TEXT]);
void name_find(const char *name, struct candidates *ids);
void name_each(name_take *take, void *data);

#endif
