// SPDX-License-Identifier: GPL-2.0
/*
 * A plugin of the emulator: counts exactly the instructions between the hit of a
 * probe and the return from it. The clock shows them only if they are more than
 * the noise of the allocators and the scheduler.
 *
 * A probe at ftrace's place (x86-64) is a call, the last instruction of a block; what it
 * calls returns to a block that begins behind it. So is a breakpoint (arm64), whose
 * exception returns there after another one. What is executed from the one to the
 * other is the probe's: the trampoline or the exceptions, kprobes' own code, the handler,
 * and what that calls. An interrupt may fall into it, and on its way back do all that RCU
 * has put off: a hit that took more than INTERRUPTED is counted, but not what it took.
 *
 * Programs speak to it by mark.h. For each region it writes to its file
 *
 *   REGION SITE HITS INSTRUCTIONS INTERRUPTED
 *
 * with the site's address, where INTERRUPTED of the hits are those that INSTRUCTIONS
 * lack; and one line more in which SITE is -, whose INSTRUCTIONS are all that were
 * executed in the region, by any process. With where=on a line
 *
 *   REGION @ADDRESS INSTRUCTIONS LOCKED
 *
 * comes before these for each block of which a probe has executed something. So many of
 * them are locked, and cost more than others on a real processor.
 *
 * The emulator's package has no header for plugins. These few functions are declared
 * as its documentation has them; QEMU_API is the version of the interface, 3 if
 * qemu_plugin_insn_data() copies.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXPORT	    __attribute__((visibility("default")))
#define SITES_MAX   16
#define INTERRUPTED 10000

struct qemu_plugin_tb;
struct qemu_plugin_insn;
/* its first field; the others are of no interest here */
struct qemu_info {
	const char *target_name;
};

void qemu_plugin_register_vcpu_tb_trans_cb(uint64_t id,
					   void (*fn)(uint64_t id, struct qemu_plugin_tb *tb));
void qemu_plugin_register_vcpu_tb_exec_cb(struct qemu_plugin_tb *tb,
					  void (*fn)(unsigned int cpu, void *data), int flags,
					  void *data);
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn,
					    void (*fn)(unsigned int cpu, void *data), int flags,
					    void *data);
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

/**
 * struct block - some instructions that are executed one after the other
 * @first: address of the first one
 * @last: address of the last one
 * @instructions: how many there are
 * @enters: 1 + index of the site that @last is, or 0
 * @returns: is @first where a site's call returns to?
 * @locked: how many of them are locked (x86-64 alone)
 * @inside: how often a probe has executed it in this region
 *
 * Never freed: translated code may be thrown away at any time, and be needed again.
 */
struct block {
	uint64_t first;
	uint64_t last;
	unsigned int instructions;
	unsigned int enters;
	bool returns;
	unsigned int locked;
	uint64_t inside;
	struct block *next;
};

struct site {
	uint64_t address;
	uint64_t hits;
	uint64_t instructions;
	uint64_t interrupted;
};

static FILE *out;
static bool where;
/*
 * What differs between the emulated processors: the bytes from a probe's instruction to
 * the next one, and the function that sees whether an instruction is a mark.
 */
static unsigned int probe_len;
static void (*look)(struct qemu_plugin_insn *insn);
static struct block *blocks;
static struct site sites[SITES_MAX];
static unsigned int nr_sites;
static struct site *inside; /* the site whose probe is running, or NULL */
static uint64_t taken; /* by that probe, until now */
static unsigned int region; /* 0: none */
static uint64_t all;

static void block_settle(struct block *block)
{
	block->enters = 0;
	block->returns = false;
	for (unsigned int i = 0; i < nr_sites; i++) {
		if (block->last == sites[i].address)
			block->enters = i + 1;
		if (block->first == sites[i].address + probe_len)
			block->returns = true;
	}
}

static void leave(void)
{
	if (inside && taken > INTERRUPTED)
		inside->interrupted++;
	else if (inside)
		inside->instructions += taken;
	inside = NULL;
}

static void block_executed(unsigned int cpu, void *data)
{
	struct block *block = data;

	(void)cpu;
	if (!region)
		return;
	all += block->instructions;
	if (block->returns)
		leave();
	taken += block->instructions;
	if (inside)
		block->inside++;
	if (block->enters) {
		leave();
		inside = &sites[block->enters - 1];
		inside->hits++;
		taken = 0;
	}
}

static void site_add(uint64_t address)
{
	for (unsigned int i = 0; i < nr_sites; i++) {
		if (sites[i].address == address)
			return;
	}
	if (nr_sites == SITES_MAX) {
		fputs("counter: too many sites\n", stderr);
		exit(2);
	}
	sites[nr_sites++].address = address;
	for (struct block *block = blocks; block; block = block->next)
		block_settle(block);
}

static void region_begin(unsigned int number)
{
	for (unsigned int i = 0; i < nr_sites; i++) {
		sites[i].hits = 0;
		sites[i].instructions = 0;
		sites[i].interrupted = 0;
	}
	for (struct block *block = blocks; block; block = block->next)
		block->inside = 0;
	all = 0;
	inside = NULL;
	region = number;
}

static void region_end(void)
{
	for (struct block *block = where ? blocks : NULL; block; block = block->next) {
		if (block->inside)
			fprintf(out, "%u @%016llx %llu %llu\n", region,
				(unsigned long long)block->first,
				(unsigned long long)block->inside * block->instructions,
				(unsigned long long)block->inside * block->locked);
	}
	for (unsigned int i = 0; i < nr_sites; i++)
		fprintf(out, "%u %016llx %llu %llu %llu\n", region,
			(unsigned long long)sites[i].address, (unsigned long long)sites[i].hits,
			(unsigned long long)sites[i].instructions,
			(unsigned long long)sites[i].interrupted);
	fprintf(out, "%u - 1 %llu 0\n", region, (unsigned long long)all);
	fflush(out);
	region = 0;
}

/* A kernel address names a site, 0 ends a region, else one begins. */
static void say_word(uint64_t word)
{
	if (word >> 63)
		site_add(word);
	else if (word)
		region_begin(word);
	else if (region)
		region_end();
}

/* Copies the first bytes of an instruction that has so many. */
static void copy_first(const struct qemu_plugin_insn *insn, void *to, size_t len)
{
#if QEMU_API >= 3
	qemu_plugin_insn_data(insn, to, len);
#else
	memcpy(to, qemu_plugin_insn_data(insn), len);
#endif
}

/* Copies an instruction of that length; false if it has another one. */
static bool copy(const struct qemu_plugin_insn *insn, void *to, size_t len)
{
	if (qemu_plugin_insn_size(insn) != len)
		return false;
	copy_first(insn, to, len);
	return true;
}

/*
 * Is an instruction locked where there is more than one processor? With one the kernel
 * writes another prefix, 0x3e, in the place of lock, which jumps have, too. An exchange with
 * memory needs no prefix.
 */
static bool is_locked(const struct qemu_plugin_insn *insn)
{
	static const uint8_t lockable[] = { 0x00, 0x01, 0x08, 0x09, 0x10, 0x11, 0x18,
					    0x19, 0x20, 0x21, 0x28, 0x29, 0x30, 0x31,
					    0x80, 0x81, 0x83, 0xf6, 0xf7, 0xfe };
	static const uint8_t lockable_0f[] = {
		0xab, 0xb0, 0xb1, 0xb3, 0xba, 0xbb, 0xc0, 0xc1, 0xc7
	};
	uint8_t code[15] = { 0 };
	size_t len = qemu_plugin_insn_size(insn);
	bool prefix = false;
	unsigned int at = 0;

	copy_first(insn, code, len < sizeof(code) ? len : sizeof(code));
	while (code[at] == 0xf0 || code[at] == 0x3e || code[at] == 0x66 || code[at] >> 4 == 4) {
		if (code[at] == 0xf0)
			return true;
		prefix |= code[at++] == 0x3e;
	}
	if (code[at] == 0x86 || code[at] == 0x87)
		return code[at + 1] >> 6 != 3;
	if (!prefix)
		return false;
	if (code[at] == 0x0f)
		return memchr(lockable_0f, code[at + 1], sizeof(lockable_0f));
	if (code[at] == 0xff)
		return (code[at + 1] >> 3 & 7) < 2;
	return memchr(lockable, code[at], sizeof(lockable));
}

/* A prefetch of an absolute address; the word is its sign extended. */
static void marked_x86(unsigned int cpu, void *data)
{
	(void)cpu;
	say_word((uintptr_t)data);
}

static void look_x86(struct qemu_plugin_insn *insn)
{
	static const uint8_t prefetch[] = { 0x0f, 0x18, 0x04, 0x25 };
	uint8_t code[8];
	int32_t word;

	if (!copy(insn, code, sizeof(code)) || memcmp(code, prefetch, sizeof(prefetch)))
		return;
	memcpy(&word, code + sizeof(prefetch), sizeof(word));
	qemu_plugin_register_vcpu_insn_exec_cb(insn, marked_x86, 0, (void *)(intptr_t)word);
}

/*
 * Four of these, each with 16 bits of the word, the lowest first. The emulator may end a
 * block between two, so each comes by itself.
 */
static void marked_arm(unsigned int cpu, void *data)
{
	static uint64_t word;
	uint32_t code = (uintptr_t)data;
	unsigned int shift = (code >> 21 & 3) * 16;

	(void)cpu;
	if (!shift)
		word = 0;
	word |= (uint64_t)(code >> 5 & 0xffff) << shift;
	if (shift == 48)
		say_word(word);
}

/* movz or movk to xzr, which no compiler makes */
static void look_arm(struct qemu_plugin_insn *insn)
{
	uint32_t code;

	if (!copy(insn, &code, sizeof(code)))
		return;
	if ((code & 0xffe0001f) == 0xd280001f ||
	    ((code & 0xff80001f) == 0xf280001f && (code >> 21 & 3)))
		qemu_plugin_register_vcpu_insn_exec_cb(insn, marked_arm, 0,
						       (void *)(uintptr_t)code);
}

static void translated(uint64_t id, struct qemu_plugin_tb *tb)
{
	size_t n = qemu_plugin_tb_n_insns(tb);
	struct block *block = calloc(1, sizeof(*block));

	(void)id;
	if (!block)
		abort();
	block->first = qemu_plugin_insn_vaddr(qemu_plugin_tb_get_insn(tb, 0));
	block->last = qemu_plugin_insn_vaddr(qemu_plugin_tb_get_insn(tb, n - 1));
	block->instructions = n;
	block->next = blocks;
	blocks = block;
	block_settle(block);
	qemu_plugin_register_vcpu_tb_exec_cb(tb, block_executed, 0, block);
	for (size_t i = 0; i < n; i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);

		if (!(block->first >> 63))
			look(insn);
		else if (look == look_x86)
			block->locked += is_locked(insn);
	}
}

EXPORT int qemu_plugin_install(uint64_t id, const struct qemu_info *info, int argc, char **argv)
{
	if (!strcmp(info->target_name, "x86_64")) {
		probe_len = 5;
		look = look_x86;
	} else if (!strcmp(info->target_name, "aarch64")) {
		probe_len = 4;
		look = look_arm;
	} else {
		fprintf(stderr, "counter: not for %s\n", info->target_name);
		return -1;
	}
	where = argc == 2 && !strcmp(argv[1], "where=on");
	if (argc != 1 + where || strncmp(argv[0], "out=", 4)) {
		fputs("counter: -plugin counter.so,out=FILE[,where=on]\n", stderr);
		return -1;
	}
	out = fopen(argv[0] + 4, "w");
	if (!out) {
		perror(argv[0] + 4);
		return -1;
	}
	qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
	return 0;
}
