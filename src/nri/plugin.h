/* SPDX-License-Identifier: GPL-2.0 */
/* What a runtime asks of a plugin. */
#ifndef NRI_PLUGIN_H
#define NRI_PLUGIN_H

#include "link.h"
#include "registrar.h"

const char *plugin_run(struct link *link, struct registrar *registrar);

#endif
