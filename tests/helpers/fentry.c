// SPDX-License-Identifier: GPL-2.0
/*
 * fentry FUNCTION...: attaches BPF programs of its own to the begin and the end of these
 * functions of the kernel, and prints "ready". When its input ends it prints a line
 * "FUNCTION ENTERED RETURNED" for each, and detaches them. bpftrace does the same, but an
 * emulated processor compiles its programs for twenty seconds.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/bpf.h>
#include <linux/btf.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define FUNCTIONS 64

static unsigned char *btf;

static void end(const char *what)
{
	fprintf(stderr, "fentry: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int bpf(int command, union bpf_attr *attr)
{
	return syscall(SYS_bpf, command, attr, sizeof(*attr));
}

static void read_btf(void)
{
	FILE *file = fopen("/sys/kernel/btf/vmlinux", "re");
	size_t size = 0, room = 1 << 25;
	size_t n;

	btf = malloc(room);
	if (!file || !btf)
		end("/sys/kernel/btf/vmlinux");
	while ((n = fread(btf + size, 1, room - size, file)) > 0)
		size += n;
	fclose(file);
	if (size < sizeof(struct btf_header) || size == room)
		end("its size");
}

/* Return: how long what stands behind this type is. */
static size_t behind(const struct btf_type *type)
{
	unsigned int count = BTF_INFO_VLEN(type->info);

	switch (BTF_INFO_KIND(type->info)) {
	case BTF_KIND_INT:
	case BTF_KIND_VAR:
	case 17: /* BTF_KIND_DECL_TAG */
		return 4;
	case BTF_KIND_ARRAY:
		return sizeof(struct btf_array);
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		return count * sizeof(struct btf_member);
	case BTF_KIND_ENUM:
		return count * sizeof(struct btf_enum);
	case BTF_KIND_FUNC_PROTO:
		return count * sizeof(struct btf_param);
	case BTF_KIND_DATASEC:
		return count * sizeof(struct btf_var_secinfo);
	case 19: /* BTF_KIND_ENUM64 */
		return count * 12;
	default:
		return 0;
	}
}

/* Return: the number of the function's type. */
static uint32_t find(const char *name)
{
	const struct btf_header *header = (const void *)btf;
	const unsigned char *at = btf + header->hdr_len + header->type_off;
	const unsigned char *last = at + header->type_len;
	const char *strings = (const char *)btf + header->hdr_len + header->str_off;

	for (uint32_t id = 1; at < last; id++) {
		const struct btf_type *type = (const void *)at;

		if (BTF_INFO_KIND(type->info) == BTF_KIND_FUNC &&
		    !strcmp(strings + type->name_off, name))
			return id;
		at += sizeof(*type) + behind(type);
	}
	errno = ENOENT;
	end(name);
	return 0;
}

/* Its programs count in the only value of this map, an array of numbers. */
static int make_map(unsigned int numbers)
{
	union bpf_attr attr = {
		.map_type = BPF_MAP_TYPE_ARRAY,
		.key_size = sizeof(uint32_t),
		.value_size = numbers * sizeof(uint64_t),
		.max_entries = 1,
	};
	int map = bpf(BPF_MAP_CREATE, &attr);

	if (map < 0)
		end("a map");
	return map;
}

static void attach(uint32_t function, int where, int map, unsigned int number)
{
	const struct bpf_insn program[] = {
		/* r1 = the number's address */
		{ BPF_LD | BPF_DW | BPF_IMM, 1, BPF_PSEUDO_MAP_VALUE, 0, map },
		{ 0, 0, 0, 0, number * sizeof(uint64_t) },
		{ BPF_ALU64 | BPF_MOV | BPF_K, 2, 0, 0, 1 },
		/* what is an atomic addition has had two names */
		{ BPF_STX | BPF_DW | 0xc0, 1, 2, 0, 0 },
		{ BPF_ALU64 | BPF_MOV | BPF_K, 0, 0, 0, 0 },
		{ BPF_JMP | BPF_EXIT, 0, 0, 0, 0 },
	};
	union bpf_attr load = {
		.prog_type = BPF_PROG_TYPE_TRACING,
		.expected_attach_type = where,
		.attach_btf_id = function,
		.insn_cnt = sizeof(program) / sizeof(*program),
		.insns = (uintptr_t)program,
		.license = (uintptr_t) "GPL",
	};
	union bpf_attr open = {};
	int fd = bpf(BPF_PROG_LOAD, &load);

	if (fd < 0)
		end("a program");
	open.raw_tracepoint.prog_fd = fd;
	/* until this process ends */
	if (bpf(BPF_RAW_TRACEPOINT_OPEN, &open) < 0)
		end("attaching");
}

int main(int argc, char **argv)
{
	uint64_t numbers[2 * FUNCTIONS] = {};
	int map, count = argc - 1;
	uint32_t key = 0;
	char byte;
	union bpf_attr look;

	if (count < 1 || count > FUNCTIONS)
		return 2;
	read_btf();
	map = make_map(2 * count);
	for (int i = 0; i < count; i++) {
		uint32_t function = find(argv[i + 1]);

		attach(function, BPF_TRACE_FENTRY, map, 2 * i);
		attach(function, BPF_TRACE_FEXIT, map, 2 * i + 1);
	}
	puts("ready");
	fflush(stdout);
	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
	look = (union bpf_attr){ .map_fd = map };
	look.key = (uintptr_t)&key;
	look.value = (uintptr_t)numbers;
	if (bpf(BPF_MAP_LOOKUP_ELEM, &look))
		end("the numbers");
	for (int i = 0; i < count; i++)
		printf("%s %llu %llu\n", argv[i + 1], (unsigned long long)numbers[2 * i],
		       (unsigned long long)numbers[2 * i + 1]);
	return 0;
}
