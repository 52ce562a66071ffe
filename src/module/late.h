/* SPDX-License-Identifier: GPL-2.0 */
/* Probes on functions of modules that may come late, or never. */
#ifndef CONTID_LATE_H
#define CONTID_LATE_H

#include <linux/audit_contid.h>
#include <linux/kprobes.h>
#include <linux/types.h>

#define LATE_MAX 4

/**
 * struct late_hook - one function that is watched as long as it is there
 * @module: the module that it is in, unless the kernel has that built in
 * @symbol: the function, which is only ever called by a pointer: so no compiler has taken its
 *	arguments away
 * @purpose: what it is seen for, in a word
 * @may_lack: the module may have been built without it
 * @handle: the handler, as of struct hook
 */
struct late_hook {
	const char *module;
	const char *symbol;
	const char *purpose;
	bool may_lack;
	kprobe_pre_handler_t handle;
};

int late_init(const struct late_hook *table, unsigned int count);
void late_exit(void);
bool late_is_blind(void);
unsigned int late_read(struct audit_contid_probe *out, unsigned int room);

#endif
