/* SPDX-License-Identifier: GPL-2.0 */
/* Have a daemon forget what stood in its file. */
#ifndef SETUP_REREAD_H
#define SETUP_REREAD_H

#include "below.h"

const char *reread_by(const char *unit, const char *path, const struct bytes *bytes);

#endif
