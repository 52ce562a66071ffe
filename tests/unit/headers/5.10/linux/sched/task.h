/* SPDX-License-Identifier: GPL-2.0 */
/* io_uring's workers are the kernel's own threads. */
struct task_struct;
