/* SPDX-License-Identifier: GPL-2.0 */
/* The container engine that a registrar runs for. */
#ifndef COMMON_ENGINE_H
#define COMMON_ENGINE_H

#include <stdbool.h>

bool engine_may_register(void);

#endif
