// SPDX-License-Identifier: GPL-2.0
/*
 * A plugin of the emulator: writes to its file each instruction that the machine
 * executes where modules are loaded, a line each: the lower half of its address, its
 * length and its first byte, in hexadecimal. So what a module executes is known of a
 * stock kernel, without any change to either. Length and byte tell it from another
 * module's, which was at the same address before or after.
 *
 * The emulator's package has no header for plugins. These few functions are declared
 * as its documentation has them; QEMU_API is the version of the interface, 3 if
 * qemu_plugin_insn_data() copies.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXPORT __attribute__((visibility("default")))

/* x86-64's, with and without random addresses */
#define MODULES_BEGIN 0xffffffffa0000000
#define MODULES_END   0xffffffffff000000
#define SLOTS	      (1U << 21)

struct qemu_plugin_tb;
struct qemu_plugin_insn;

void qemu_plugin_register_vcpu_tb_trans_cb(uint64_t id,
					   void (*fn)(uint64_t id, struct qemu_plugin_tb *tb));
void qemu_plugin_register_vcpu_insn_exec_inline(struct qemu_plugin_insn *insn, int op, void *ptr,
						uint64_t imm);
void qemu_plugin_register_atexit_cb(uint64_t id, void (*fn)(uint64_t id, void *data), void *data);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb, size_t index);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *insn);
size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *insn);
#if QEMU_API >= 3
size_t qemu_plugin_insn_data(const struct qemu_plugin_insn *insn, void *to, size_t len);
#else
const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *insn);
#endif

EXPORT int qemu_plugin_version = QEMU_API;

/* The emulator's CPUs count without a lock: how often is not exact, whether is. */
static struct executed {
	uint64_t key;
	uint64_t count;
} * table;

static const char *name;

/* The address's lower half, the length, the first byte. */
static uint64_t key_of(const struct qemu_plugin_insn *insn)
{
	uint8_t first = 0;

#if QEMU_API >= 3
	qemu_plugin_insn_data(insn, &first, 1);
#else
	first = *(const uint8_t *)qemu_plugin_insn_data(insn);
#endif
	return qemu_plugin_insn_vaddr(insn) << 16 | qemu_plugin_insn_size(insn) << 8 | first;
}

static struct executed *executed(uint64_t key)
{
	unsigned int slot = (key * 0x9e3779b97f4a7c15) >> 32 & (SLOTS - 1);
	unsigned int tries = 0;

	while (table[slot].key && table[slot].key != key) {
		if (++tries == SLOTS) {
			fputs("recorder: the table is full\n", stderr);
			exit(2);
		}
		slot = (slot + 1) & (SLOTS - 1);
	}
	table[slot].key = key;
	return &table[slot];
}

static void count(struct qemu_plugin_insn *insn)
{
	struct executed *entry = executed(key_of(insn));

	/* 0: add */
	qemu_plugin_register_vcpu_insn_exec_inline(insn, 0, &entry->count, 1);
}

static void translated(uint64_t id, struct qemu_plugin_tb *tb)
{
	(void)id;
	for (size_t i = 0; i < qemu_plugin_tb_n_insns(tb); i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
		uint64_t address = qemu_plugin_insn_vaddr(insn);

		if (address >= MODULES_BEGIN && address < MODULES_END)
			count(insn);
	}
}

static void written(uint64_t id, void *data)
{
	FILE *out = fopen(name, "w");

	(void)id;
	(void)data;
	if (!out) {
		perror(name);
		return;
	}
	for (unsigned int slot = 0; slot < SLOTS; slot++) {
		if (table[slot].count)
			fprintf(out, "%08x %x %02x\n", (unsigned int)(table[slot].key >> 16),
				(unsigned int)(table[slot].key >> 8 & 0xff),
				(unsigned int)(table[slot].key & 0xff));
	}
	if (fclose(out))
		perror(name);
}

EXPORT int qemu_plugin_install(uint64_t id, const void *info, int argc, char **argv)
{
	(void)info;
	if (argc != 1 || strncmp(argv[0], "out=", 4)) {
		fputs("recorder: -plugin recorder.so,out=FILE\n", stderr);
		return -1;
	}
	name = strdup(argv[0] + 4);
	table = calloc(SLOTS, sizeof(*table));
	if (!name || !table)
		return -1;
	qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
	qemu_plugin_register_atexit_cb(id, written, NULL);
	return 0;
}
