/* SPDX-License-Identifier: GPL-2.0 */
/* A container ID as text. */
#ifndef COMMON_CONTID_H
#define COMMON_CONTID_H

#include <stdbool.h>

#include <audit-contid.h>

/** contid_dash_at - does a dash stand at this place of the text? */
static inline bool contid_dash_at(unsigned int place)
{
	return place == 8 || place == 13 || place == 18 || place == 23;
}

#endif
