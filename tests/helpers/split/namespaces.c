// SPDX-License-Identifier: GPL-2.0
#define SYMBOL "switch_task_namespaces.isra.0.part.0"
#include "split_function.h"
