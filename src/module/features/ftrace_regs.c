// SPDX-License-Identifier: GPL-2.0
/* a tracer is given a struct ftrace_regs, since 5.11 */
#include <linux/ftrace.h>

static void trace(unsigned long ip, unsigned long parent, struct ftrace_ops *ops,
		  struct ftrace_regs *regs)
{
}

struct ftrace_ops probe = { .func = trace };
