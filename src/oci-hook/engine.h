/* SPDX-License-Identifier: GPL-2.0 */
/* The container engine that this hook runs for. */
#ifndef OCI_HOOK_ENGINE_H
#define OCI_HOOK_ENGINE_H

#include <stdbool.h>

bool engine_may_register(void);

#endif
