/* SPDX-License-Identifier: GPL-2.0 */
/* How kernel functions are probed. */
#ifndef CONTID_HOOKS_H
#define CONTID_HOOKS_H

#include <linux/audit_contid.h>
#include <linux/kprobes.h>
#include <linux/percpu.h>
#include <linux/types.h>

/* A function that the compiler has cloned takes more than one probe. */
#define HOOK_PROBES_MAX 16

/**
 * struct hook - one thing that must be seen
 * @purpose: it, in a word
 * @symbols: the kernel functions that do it, in the order of preference: of a
 *	kernel's life only one is there
 * @lost: what is lost without it
 * @is_blind: what its arguments point to is private to the kernel: the handler runs only
 *	once the self-test has read through them
 * @handle: the handler; runs at the function's entry with preemption off, and
 *	returns 0: the kernel goes on as if nothing had been
 */
struct hook {
	const char *purpose;
	const char *symbols[2];
	const char *lost;
	bool is_blind;
	kprobe_pre_handler_t handle;
};

/**
 * struct hook_probe - one attached probe
 * @kprobe: it; its pre_handler is the hook's, or where the self-test diverts it to
 * @id: what it is for
 * @hits: per CPU; NULL once it is detached
 * @symbol: what it sits on
 * @is_split: gcc has made that of the function, and may have dropped arguments
 * @is_proven: the self-test has seen its arguments
 */
struct hook_probe {
	struct kprobe kprobe;
	unsigned int id;
	u64 __percpu *hits;
	char symbol[64];
	bool is_split;
	bool is_proven;
};

/* hook_count - the first thing that each handler does */
static inline void hook_count(struct kprobe *kprobe)
{
	this_cpu_inc(*container_of(kprobe, struct hook_probe, kprobe)->hits);
}

int hooks_init(const struct hook *table, unsigned int count);
void hooks_exit(void);
void hook_detach(unsigned int id);
const struct hook *hook_of(unsigned int id);
const char *hook_symbol(unsigned int id);
bool hook_hidden(const char *what);
int hook_probe_attach(struct hook_probe *probe, const char *symbol, kprobe_pre_handler_t handle);
u64 hook_probe_hits(const struct hook_probe *probe);
void hook_proven(struct kprobe *kprobe);
void hook_accept(struct kprobe *kprobe);
void hook_divert_unproven(unsigned int id, kprobe_pre_handler_t handle);
const char *hook_unproven(unsigned int id);
void hook_divert(unsigned int id, kprobe_pre_handler_t handle);
unsigned int hooks_read(struct audit_contid_probe *out, unsigned int room);

#endif
