/* SPDX-License-Identifier: GPL-2.0 */
/* How a program in the machine speaks to the emulator's counter. */
#ifndef BENCH_MARK_H
#define BENCH_MARK_H

#include <stdint.h>

void mark(uint64_t word);

#endif
