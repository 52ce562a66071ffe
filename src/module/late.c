// SPDX-License-Identifier: GPL-2.0
/*
 * Probes on functions of modules that may come late, or never. handlers.c has the table.
 *
 * A module is heard of before its first instruction, when its functions can be probed
 * already, and after its last: kprobes has switched its probes off by then, or does so
 * next, and the probe that is left is given back. What cannot be attached refuses nothing:
 * contidctl stats shows it, and what the functions would have said is unknown.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/string.h>

#include "hooks.h"
#include "late.h"

/**
 * struct late - one of them
 * @probe: the probe, while it is attached; its hits go on over all times that it was
 * @attached: whether it is
 * @error: why it is not, though the function is there; 0 if that is not there
 */
static struct late {
	struct hook_probe probe;
	bool attached;
	int error;
} lates[LATE_MAX];

static const struct late_hook *hooks;
static unsigned int nr_hooks;
/* guards all of these; outside of kprobes' own locks */
static DEFINE_MUTEX(late_lock);
/* how many have an @error; read without the lock */
static unsigned int blind;

static void late_fails(struct late *late, int err)
{
	WRITE_ONCE(blind, blind + !!err - !!late->error);
	late->error = err;
}

/* @here: its module is */
static void late_attach(unsigned int i, bool here)
{
	struct late *late = &lates[i];
	int err;

	if (late->attached || !late->probe.hits)
		return;
	err = hook_probe_attach(&late->probe, hooks[i].symbol, hooks[i].handle);
	late->attached = !err;
	if (err == -ENOENT && (!here || hooks[i].may_lack))
		err = 0;
	late_fails(late, err);
	if (err)
		pr_warn("cannot attach to %s of %s (%d): records of packets say netcontid=?\n",
			hooks[i].symbol, hooks[i].module, err);
}

static void late_detach(unsigned int i)
{
	struct late *late = &lates[i];

	if (late->attached)
		unregister_kprobe(&late->probe.kprobe);
	late->attached = false;
	late_fails(late, 0);
}

static int late_notified(struct notifier_block *block, unsigned long state, void *data)
{
	const struct module *mod = data;
	unsigned int i;

	if (state != MODULE_STATE_COMING && state != MODULE_STATE_GOING)
		return NOTIFY_OK;
	mutex_lock(&late_lock);
	for (i = 0; i < nr_hooks; i++) {
		if (strcmp(mod->name, hooks[i].module))
			continue;
		if (state == MODULE_STATE_COMING)
			late_attach(i, true);
		else
			late_detach(i);
	}
	mutex_unlock(&late_lock);
	return NOTIFY_OK;
}

static struct notifier_block notifier = {
	.notifier_call = late_notified,
};

/**
 * late_is_blind - is a function there that could not be attached to?
 *
 * Context: any.
 */
bool late_is_blind(void)
{
	return READ_ONCE(blind);
}

/**
 * late_read - copy the probes' statistics
 * @out: room for them
 * @room: how many fit
 *
 * Context: may sleep.
 * Return: how many there are.
 */
unsigned int late_read(struct audit_contid_probe *out, unsigned int room)
{
	unsigned int i;

	memset(out, 0, room * sizeof(*out));
	mutex_lock(&late_lock);
	for (i = 0; i < min(nr_hooks, room); i++) {
		const struct late *late = &lates[i];

		strscpy(out[i].symbol, hooks[i].symbol, sizeof(out[i].symbol));
		strscpy(out[i].purpose, hooks[i].purpose, sizeof(out[i].purpose));
		out[i].hits = hook_probe_hits(&late->probe);
		out[i].nmissed = late->probe.kprobe.nmissed;
		out[i].proven = out[i].hits > 0;
		out[i].flags = AUDIT_CONTID_PROBE_OPTIONAL;
		if (!late->attached)
			out[i].flags |= late->error ? AUDIT_CONTID_PROBE_FAILED :
						      AUDIT_CONTID_PROBE_ABSENT;
	}
	mutex_unlock(&late_lock);
	return nr_hooks;
}

/**
 * late_init - attach to what is there, and to what comes
 * @table: what is watched; it must stay
 * @count: its lines, at most LATE_MAX
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM.
 */
int late_init(const struct late_hook *table, unsigned int count)
{
	unsigned int i;
	int err;

	hooks = table;
	for (i = 0; i < count; i++) {
		lates[i].probe.hits = alloc_percpu(u64);
		if (!lates[i].probe.hits)
			goto no_memory;
	}
	nr_hooks = count;
	err = register_module_notifier(&notifier);
	if (err)
		goto fail;
	mutex_lock(&late_lock);
	for (i = 0; i < count; i++)
		late_attach(i, false);
	mutex_unlock(&late_lock);
	return 0;

no_memory:
	err = -ENOMEM;
fail:
	for (i = 0; i < count; i++)
		free_percpu(lates[i].probe.hits);
	return err;
}

/** late_exit - detach, and wait until no handler runs. May sleep. */
void late_exit(void)
{
	unsigned int i;

	unregister_module_notifier(&notifier);
	for (i = 0; i < nr_hooks; i++) {
		mutex_lock(&late_lock);
		late_detach(i);
		mutex_unlock(&late_lock);
		free_percpu(lates[i].probe.hits);
	}
}
