/* SPDX-License-Identifier: GPL-2.0 */
struct task_struct;
struct task_struct *create_io_thread(int (*fn)(void *), void *arg, int node);
