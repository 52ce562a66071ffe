// SPDX-License-Identifier: GPL-2.0
/*
 * The floor: kprobes whose handlers do nothing, on the symbols that the module
 * probes. What they cost no handler can be cheaper than.
 */
#include <linux/kprobes.h>
#include <linux/module.h>

#define PROBES 16

static char *symbols[PROBES];
static unsigned int nr_symbols;
module_param_array(symbols, charp, &nr_symbols, 0444);
MODULE_PARM_DESC(symbols, "the functions to probe");

static struct kprobe probes[PROBES];
static unsigned int nr_probes;

static int nothing(struct kprobe *kprobe, struct pt_regs *regs)
{
	return 0;
}

static void floor_exit(void)
{
	while (nr_probes)
		unregister_kprobe(&probes[--nr_probes]);
}

static int __init floor_init(void)
{
	int err;

	while (nr_probes < nr_symbols) {
		probes[nr_probes].symbol_name = symbols[nr_probes];
		probes[nr_probes].pre_handler = nothing;
		err = register_kprobe(&probes[nr_probes]);
		if (err) {
			pr_err("floor: no probe on %s (%d)\n", symbols[nr_probes], err);
			floor_exit();
			return err;
		}
		nr_probes++;
	}
	return 0;
}

module_init(floor_init);
module_exit(floor_exit);
MODULE_DESCRIPTION("The same probes with empty handlers, to measure");
MODULE_LICENSE("GPL");
