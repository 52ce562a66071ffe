/* SPDX-License-Identifier: GPL-2.0 */
struct ftrace_ops;
struct pt_regs;
struct ftrace_ops {
	void (*func)(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *op,
		     struct pt_regs *regs);
};
