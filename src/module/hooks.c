// SPDX-License-Identifier: GPL-2.0
/*
 * The table of hooks, and how their probes are attached.
 *
 * gcc may split a function: its callers then jump to NAME.part.N, which is what
 * must be probed, or it has specialised copies beside NAME, NAME.isra.N and
 * NAME.constprop.N, and each of them must be. That register_kprobe() returned 0
 * proves little; selftest.c proves the rest.
 *
 * The self-test diverts a probe by its pre_handler, which kprobes reads at each
 * hit: the handlers need not know of it.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/percpu.h>

#include "hooks.h"

#define VARIANTS 4 /* NAME.part.0 to .3 and so on */

static const struct hook hooks[HOOK_COUNT] = {
	[HOOK_FORK] = {
		.purpose = "fork",
		.symbols = { "wake_up_new_task" },
		.lost = "children would not inherit their contid",
		.handle = hook_fork,
	},
	[HOOK_EXIT] = {
		.purpose = "exit",
		.symbols = { "exit_files" },
		.lost = "the end of a container would be missed",
		.handle = hook_exit,
	},
	[HOOK_RELEASE] = {
		.purpose = "release",
		/* the second name from 6.19 on */
		.symbols = { "cgroup_release", "cgroup_task_release" },
		.lost = "labels of dead processes would pile up",
		.handle = hook_release,
	},
	[HOOK_NAMESPACES] = {
		.purpose = "namespaces",
		.symbols = { "switch_task_namespaces" },
		.lost = "who enters a container would not be adopted",
		.handle = hook_namespaces,
	},
	[HOOK_RECORD_START] = {
		.purpose = "record-start",
		.symbols = { "audit_log_start" },
		.lost = "lost records could not be counted",
		.handle = hook_record_start,
	},
	[HOOK_RECORD_END] = {
		.purpose = "record-end",
		.symbols = { "audit_log_end" },
		.lost = "records would carry no contid",
		.handle = hook_record_end,
	},
	[HOOK_RECORD_LOST] = {
		.purpose = "record-lost",
		.symbols = { "audit_log_lost" },
		.lost = "what a rate limit drops would count as written",
		.handle = hook_record_lost,
	},
};

static struct hook_probe probes[HOOK_PROBES_MAX];
static unsigned int nr_probes;

static char *hide = "";
module_param(hide, charp, 0444);
MODULE_PARM_DESC(hide, "for tests: a kernel symbol that is taken for missing; or pidfd, or memory");

/**
 * hook_hidden - do the tests want something to be missing?
 * @what: a symbol, pidfd or memory
 */
bool hook_hidden(const char *what)
{
	return !strcmp(what, hide);
}

/* Only a probe at ftrace's place runs in the context of the probed function. */
static bool probe_in_context(const struct kprobe *kprobe)
{
#ifdef CONFIG_X86
	return kprobe->flags & KPROBE_FLAG_FTRACE;
#else
	return true;
#endif
}

static int probe_attach(enum hook_id id, const char *name, const char *suffix, int n)
{
	struct hook_probe *probe = &probes[nr_probes];
	int err;

	if (nr_probes == HOOK_PROBES_MAX)
		return -E2BIG;
	memset(probe, 0, sizeof(*probe));
	if (suffix)
		snprintf(probe->symbol, sizeof(probe->symbol), "%s.%s.%d", name, suffix, n);
	else
		strscpy(probe->symbol, name, sizeof(probe->symbol));
	if (hook_hidden(probe->symbol))
		return -ENOENT;
	probe->id = id;
	probe->kprobe.symbol_name = probe->symbol;
	probe->kprobe.pre_handler = hooks[id].handle;
	probe->hits = alloc_percpu(u64);
	if (!probe->hits)
		return -ENOMEM;
	err = register_kprobe(&probe->kprobe);
	if (!err && !probe_in_context(&probe->kprobe)) {
		unregister_kprobe(&probe->kprobe);
		err = -EOPNOTSUPP;
	}
	if (err) {
		free_percpu(probe->hits);
		return err;
	}
	nr_probes++;
	return 0;
}

/* How many there are; -ENOMEM where that can not be told. */
static int probe_variants(enum hook_id id, const char *name, const char *suffix)
{
	int found = 0;
	int n, err;

	for (n = 0; n < VARIANTS; n++) {
		err = probe_attach(id, name, suffix, n);
		if (err == -ENOMEM)
			return err;
		found += !err;
	}
	return found;
}

/* A symbol, with all that gcc has made of it. */
static int symbol_attach(enum hook_id id, const char *name)
{
	int n = probe_variants(id, name, "part");

	if (n)
		return min(n, 0);
	n = probe_attach(id, name, NULL, 0);
	if (n)
		return n;
	n = probe_variants(id, name, "isra");
	if (n >= 0)
		n = probe_variants(id, name, "constprop");
	return min(n, 0);
}

static int hook_attach(enum hook_id id)
{
	const struct hook *hook = &hooks[id];
	int err = -ENOENT;
	int i;

	for (i = 0; i < ARRAY_SIZE(hook->symbols) && hook->symbols[i]; i++) {
		err = symbol_attach(id, hook->symbols[i]);
		if (!err || err == -ENOMEM)
			return err;
	}
	pr_err("cannot attach to %s (%d): %s. This kernel is not supported: please report it, with the kernel's version\n",
	       hook->symbols[0], err, hook->lost);
	return -EOPNOTSUPP;
}

/** hook_of - a line of the table */
const struct hook *hook_of(enum hook_id id)
{
	return &hooks[id];
}

/** hook_symbol - what a hook's first probe sits on */
const char *hook_symbol(enum hook_id id)
{
	unsigned int i;

	for (i = 0; i < nr_probes; i++) {
		if (probes[i].id == id)
			return probes[i].symbol;
	}
	return hooks[id].symbols[0];
}

/**
 * hook_divert - let another handler run
 * @id: the hook
 * @handle: the handler; NULL for the hook's own
 *
 * A handler that runs already goes on.
 */
void hook_divert(enum hook_id id, kprobe_pre_handler_t handle)
{
	unsigned int i;

	for (i = 0; i < nr_probes; i++) {
		if (probes[i].id == id)
			WRITE_ONCE(probes[i].kprobe.pre_handler, handle ?: hooks[id].handle);
	}
}

/**
 * hooks_read - copy the probes' statistics
 * @out: room for them
 * @room: how many fit
 *
 * Return: how many there are.
 */
unsigned int hooks_read(struct audit_contid_probe *out, unsigned int room)
{
	unsigned int i;
	int cpu;

	memset(out, 0, room * sizeof(*out));
	for (i = 0; i < min(nr_probes, room); i++) {
		const struct hook_probe *probe = &probes[i];

		strscpy(out[i].symbol, probe->symbol, sizeof(out[i].symbol));
		strscpy(out[i].purpose, hooks[probe->id].purpose, sizeof(out[i].purpose));
		for_each_possible_cpu(cpu)
			out[i].hits += READ_ONCE(*per_cpu_ptr(probe->hits, cpu));
		out[i].nmissed = probe->kprobe.nmissed;
		out[i].proven = out[i].hits != 0;
	}
	return nr_probes;
}

/**
 * hooks_init - attach all probes
 *
 * Context: may sleep.
 * Return: 0, -ENOMEM, or -EOPNOTSUPP with a message that names the symbol.
 */
int hooks_init(void)
{
	int id, err;

	for (id = 0; id < HOOK_COUNT; id++) {
		err = hook_attach(id);
		if (err) {
			hooks_exit();
			return err;
		}
	}
	return 0;
}

/** hooks_exit - detach, and wait until no handler runs. May sleep. */
void hooks_exit(void)
{
	while (nr_probes) {
		struct hook_probe *probe = &probes[--nr_probes];

		unregister_kprobe(&probe->kprobe);
		if (probe->kprobe.nmissed)
			pr_notice("%s: %lu hits were passed over\n", probe->symbol,
				  probe->kprobe.nmissed);
		free_percpu(probe->hits);
	}
}
