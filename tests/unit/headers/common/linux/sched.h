/* SPDX-License-Identifier: GPL-2.0 */
typedef int pid_t;
#define READ_ONCE(x) (x)
struct task_struct {
	pid_t pid;
	unsigned int __state;
};
