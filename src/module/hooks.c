// SPDX-License-Identifier: GPL-2.0
/*
 * How probes are attached. What for is not known here: handlers.c has the table.
 *
 * gcc may split a function: its callers then jump to NAME.part.N, which is what
 * must be probed, or it has specialised copies beside NAME, NAME.isra.N and
 * NAME.constprop.N, and each of them must be. What is split may have lost arguments,
 * and have the others elsewhere. That register_kprobe() returned 0 proves little;
 * selftest.c proves the rest.
 *
 * The self-test diverts a probe by its pre_handler, which kprobes reads at each
 * hit: the handlers need not know of it.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/percpu.h>

#include "hooks.h"

/*
 * What gcc appends to a function's name, also twice. .cold is none of it: nobody calls
 * that.
 */
static const char *const parts[] = {
	".part.0",	  ".part.1",
	".part.2",	  ".part.3",
	".part.0.isra.0", ".part.0.constprop.0",
	".isra.0.part.0", ".constprop.0.part.0",
};

static const char *const copies[] = {
	".isra.0",
	".isra.1",
	".isra.2",
	".isra.3",
	".constprop.0",
	".constprop.1",
	".constprop.2",
	".constprop.3",
	".isra.0.constprop.0",
	".constprop.0.isra.0",
};

/* The table; handlers.c has it. */
static const struct hook *hooks;
static struct hook_probe probes[HOOK_PROBES_MAX];
static unsigned int nr_probes;

static char *hide = "";
module_param(hide, charp, 0444);
MODULE_PARM_DESC(hide, "for tests: a symbol that is missing; or pidfd, memory or mnt_namespace");

/**
 * hook_hidden - do the tests want something to be missing?
 * @what: a symbol, pidfd, memory or mnt_namespace
 */
bool hook_hidden(const char *what)
{
	return !strcmp(what, hide);
}

/*
 * On x86 only a probe at ftrace's place runs in the context of the probed function. On
 * arm64 each one is a breakpoint, whose handler runs with interrupts masked and not as
 * in an NMI: the self-test looks.
 */
static bool probe_in_context(const struct kprobe *kprobe)
{
#ifdef CONFIG_X86
	return kprobe->flags & KPROBE_FLAG_FTRACE;
#else
	return true;
#endif
}

/* Until it is known what a function is called with, its arguments stay unread. */
static int probe_idle(struct kprobe *kprobe, struct pt_regs *regs)
{
	hook_count(kprobe);
	return 0;
}

/* Are its arguments what the self-test has to show first? */
static bool probe_is_doubtful(const struct hook_probe *probe)
{
	return (probe->is_split || hooks[probe->id].is_blind) && !READ_ONCE(probe->is_proven);
}

static kprobe_pre_handler_t probe_handler(const struct hook_probe *probe)
{
	return probe_is_doubtful(probe) ? probe_idle : hooks[probe->id].handle;
}

/**
 * hook_probe_attach - attach one probe
 * @probe: it; its hits are allocated
 * @symbol: what it sits on
 * @handle: the handler
 *
 * Context: may sleep.
 * Return: 0, to be undone by unregister_kprobe(); -ENOENT if nothing has that name.
 */
int hook_probe_attach(struct hook_probe *probe, const char *symbol, kprobe_pre_handler_t handle)
{
	int err;

	strscpy(probe->symbol, symbol, sizeof(probe->symbol));
	if (hook_hidden(probe->symbol))
		return -ENOENT;
	memset(&probe->kprobe, 0, sizeof(probe->kprobe));
	probe->kprobe.symbol_name = probe->symbol;
	probe->kprobe.pre_handler = handle;
	err = register_kprobe(&probe->kprobe);
	if (!err && !probe_in_context(&probe->kprobe)) {
		unregister_kprobe(&probe->kprobe);
		err = -EOPNOTSUPP;
	}
	return err;
}

static int probe_attach(unsigned int id, const char *name, const char *suffix)
{
	struct hook_probe *probe = &probes[nr_probes];
	char symbol[sizeof(probe->symbol)];
	int err;

	if (nr_probes == HOOK_PROBES_MAX)
		return -E2BIG;
	memset(probe, 0, sizeof(*probe));
	snprintf(symbol, sizeof(symbol), "%s%s", name, suffix);
	probe->id = id;
	probe->is_split = *suffix;
	probe->hits = alloc_percpu(u64);
	if (!probe->hits)
		return -ENOMEM;
	err = hook_probe_attach(probe, symbol, probe_handler(probe));
	if (err) {
		free_percpu(probe->hits);
		return err;
	}
	nr_probes++;
	return 0;
}

/* How many there are; or why one that is there could not be attached. */
static int probe_splits(unsigned int id, const char *name, const char *const *suffixes,
			unsigned int count)
{
	unsigned int i;
	int found = 0;
	int err;

	for (i = 0; i < count; i++) {
		err = probe_attach(id, name, suffixes[i]);
		if (err && err != -ENOENT)
			return err;
		found += !err;
	}
	return found;
}

/* A symbol, with all that gcc has made of it. */
static int symbol_attach(unsigned int id, const char *name)
{
	int n = probe_splits(id, name, parts, ARRAY_SIZE(parts));

	if (n)
		return min(n, 0);
	n = probe_attach(id, name, "");
	if (n)
		return n;
	n = probe_splits(id, name, copies, ARRAY_SIZE(copies));
	return min(n, 0);
}

static int hook_attach(unsigned int id)
{
	const struct hook *hook = &hooks[id];
	int err = -ENOENT;
	int i;

	for (i = 0; i < ARRAY_SIZE(hook->symbols) && hook->symbols[i]; i++) {
		err = symbol_attach(id, hook->symbols[i]);
		if (!err || err == -ENOMEM)
			return err;
		if (err != -ENOENT)
			break;
	}
	pr_err("cannot attach to %s (%d): %s. This kernel is not supported: please report it, with the kernel's version\n",
	       hook->symbols[0], err, hook->lost);
	return -EOPNOTSUPP;
}

/** hook_of - a line of the table */
const struct hook *hook_of(unsigned int id)
{
	return &hooks[id];
}

/** hook_symbol - what a hook's first probe sits on */
const char *hook_symbol(unsigned int id)
{
	unsigned int i;

	for (i = 0; i < nr_probes; i++) {
		if (probes[i].id == id)
			return probes[i].symbol;
	}
	return hooks[id].symbols[0];
}

/**
 * hook_proven - a probe has seen the arguments that its function was called with
 * @kprobe: the probe
 *
 * Context: the self-test, and its handlers.
 */
void hook_proven(struct kprobe *kprobe)
{
	WRITE_ONCE(container_of(kprobe, struct hook_probe, kprobe)->is_proven, true);
}

/**
 * hook_accept - a probe that was diverted is proven now: its own handler runs from now on
 * @kprobe: the probe
 *
 * Context: the handler that it was diverted to.
 */
void hook_accept(struct kprobe *kprobe)
{
	struct hook_probe *probe = container_of(kprobe, struct hook_probe, kprobe);

	hook_proven(kprobe);
	WRITE_ONCE(kprobe->pre_handler, hooks[probe->id].handle);
}

/**
 * hook_unproven - a probe whose arguments nobody may believe
 * @id: the hook
 *
 * Return: the symbol of the first probe of a split function that is not proven; NULL
 * if there is none.
 */
const char *hook_unproven(unsigned int id)
{
	unsigned int i;

	for (i = 0; i < nr_probes; i++) {
		if (probes[i].id == id && probes[i].is_split && !READ_ONCE(probes[i].is_proven))
			return probes[i].symbol;
	}
	return NULL;
}

/**
 * hook_divert - let another handler run
 * @id: the hook
 * @handle: the handler; NULL for the hook's own
 *
 * A handler that runs already goes on.
 */
void hook_divert(unsigned int id, kprobe_pre_handler_t handle)
{
	unsigned int i;

	for (i = 0; i < nr_probes; i++) {
		if (probes[i].id == id)
			WRITE_ONCE(probes[i].kprobe.pre_handler,
				   handle ?: probe_handler(&probes[i]));
	}
}

/**
 * hook_divert_unproven - likewise, but only where the self-test has proven nothing
 * @id: the hook
 * @handle: the handler
 */
void hook_divert_unproven(unsigned int id, kprobe_pre_handler_t handle)
{
	unsigned int i;

	for (i = 0; i < nr_probes; i++) {
		if (probes[i].id == id && !READ_ONCE(probes[i].is_proven))
			WRITE_ONCE(probes[i].kprobe.pre_handler, handle);
	}
}

/** hook_probe_hits - how often a probe fired */
u64 hook_probe_hits(const struct hook_probe *probe)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(*per_cpu_ptr(probe->hits, cpu));
	return sum;
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
	unsigned int n = 0, i;

	memset(out, 0, room * sizeof(*out));
	for (i = 0; i < nr_probes; i++) {
		const struct hook_probe *probe = &probes[i];

		if (!probe->hits || n++ >= room)
			continue;
		strscpy(out->symbol, probe->symbol, sizeof(out->symbol));
		strscpy(out->purpose, hooks[probe->id].purpose, sizeof(out->purpose));
		out->hits = hook_probe_hits(probe);
		out->nmissed = probe->kprobe.nmissed;
		out->proven = out->hits && !probe_is_doubtful(probe);
		out++;
	}
	return n;
}

/**
 * hooks_init - attach all probes
 * @table: what they are for; it must stay
 * @count: its lines
 *
 * Context: may sleep.
 * Return: 0, -ENOMEM, or -EOPNOTSUPP with a message that names the symbol.
 */
int hooks_init(const struct hook *table, unsigned int count)
{
	unsigned int id;
	int err;

	hooks = table;
	for (id = 0; id < count; id++) {
		err = hook_attach(id);
		if (err) {
			hooks_exit();
			return err;
		}
	}
	return 0;
}

static void probe_detach(struct hook_probe *probe)
{
	if (!probe->hits)
		return;
	unregister_kprobe(&probe->kprobe);
	if (probe->kprobe.nmissed)
		pr_notice("%s: %lu hits were passed over\n", probe->symbol, probe->kprobe.nmissed);
	free_percpu(probe->hits);
	probe->hits = NULL;
}

/**
 * hook_detach - do without one hook, and wait until its handler runs no more
 * @id: the hook
 *
 * Context: may sleep, before anybody else reads the statistics.
 */
void hook_detach(unsigned int id)
{
	unsigned int i;

	for (i = 0; i < nr_probes; i++) {
		if (probes[i].id == id)
			probe_detach(&probes[i]);
	}
}

/** hooks_exit - detach, and wait until no handler runs. May sleep. */
void hooks_exit(void)
{
	while (nr_probes)
		probe_detach(&probes[--nr_probes]);
}
