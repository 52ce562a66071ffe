/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Races made likely: on kernels that look for defects, and on no other, a parameter
 * delays a task that has just given up a process's lock.
 */
#ifndef CONTID_WIDEN_H
#define CONTID_WIDEN_H

#ifdef CONFIG_KASAN
#include <linux/delay.h>

extern unsigned int widen;

static inline void widen_window(void)
{
	unsigned int ms = READ_ONCE(widen);

	if (ms)
		mdelay(ms);
}
#else
static inline void widen_window(void)
{
}
#endif

#endif
