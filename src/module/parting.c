// SPDX-License-Identifier: GPL-2.0
#include "parting.h"

atomic_t partings = ATOMIC_INIT(0);
