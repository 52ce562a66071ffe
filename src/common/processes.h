/* SPDX-License-Identifier: GPL-2.0 */
/* The processes in /proc, and what stat says of one. */
#ifndef COMMON_PROCESSES_H
#define COMMON_PROCESSES_H

#include <stdbool.h>
#include <sys/types.h>

#define PROC_NAME     64
#define KERNEL_THREAD 0x00200000 /* PF_KTHREAD, in @flags */

/**
 * struct process_stat - some of /proc/PID/stat
 * @name: its comm; a byte that is not fit to print is a ?
 * @state: a letter
 * @parent: its parent's number
 * @flags: the kernel's PF_*
 * @threads: how many live
 * @start: when it began, in clock ticks since the machine did
 */
struct process_stat {
	char name[PROC_NAME];
	char state;
	pid_t parent;
	unsigned long flags;
	unsigned long threads;
	unsigned long long start;
};

bool process_stat_parse(struct process_stat *stat, const char *text);
bool process_stat_read(struct process_stat *stat, int dir);
bool process_is_kernels(int dir);
int processes_each(bool (*take)(void *data, pid_t pid), void *data);
bool pid_parse(const char *text, pid_t *pid);

#endif
