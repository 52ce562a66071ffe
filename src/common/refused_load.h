/* SPDX-License-Identifier: GPL-2.0 */
/* Why the module is not there: the last words about it of the kernel and of DKMS. */
#ifndef COMMON_REFUSED_LOAD_H
#define COMMON_REFUSED_LOAD_H

#include <stdbool.h>

#define REFUSED_LOAD_TEXT 384

bool refused_load(char text[REFUSED_LOAD_TEXT]);
bool refused_build(const char *release, char text[REFUSED_LOAD_TEXT]);

#endif
