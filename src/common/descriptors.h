/* SPDX-License-Identifier: GPL-2.0 */
/* The kernel has this call since 5.9, glibc not before 2.34: Debian 11 has neither it nor SYS_. */
#ifndef COMMON_DESCRIPTORS_H
#define COMMON_DESCRIPTORS_H

#include <sys/syscall.h>
#include <unistd.h>

/** descriptors_close - close the descriptors from @first to @last, those that are open */
static inline void descriptors_close(unsigned int first, unsigned int last)
{
	syscall(__NR_close_range, first, last, 0);
}

#endif
