// SPDX-License-Identifier: GPL-2.0
#define SYMBOL "audit_log_lost.constprop.0"
#include "split_function.h"
