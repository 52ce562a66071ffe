/* SPDX-License-Identifier: GPL-2.0 */
/* What is executed in a container, on record. */
#ifndef RUNTIME_EXEC_H
#define RUNTIME_EXEC_H

#include "invocation.h"

void exec_report(const struct invocation *invocation);

#endif
