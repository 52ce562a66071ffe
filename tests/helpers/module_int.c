// SPDX-License-Identifier: GPL-2.0
/*
 * module_int NAME: prints the module's variable NAME, an int, as the kernel has it now. For what
 * is nobody's business but costs, if it is wrong.
 */
#define _GNU_SOURCE
#include <elf.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static unsigned long address_of(const char *name)
{
	FILE *symbols = fopen("/proc/kallsyms", "re");
	unsigned long address, found = 0;
	char line[512], symbol[256];

	while (symbols && !found && fgets(line, sizeof(line), symbols)) {
		if (strstr(line, "[audit_contid]") &&
		    sscanf(line, "%lx %*c %255s", &address, symbol) == 2 && !strcmp(symbol, name))
			found = address;
	}
	return found;
}

/* Where in /proc/kcore, a core file of the whole kernel, an address is. */
static off_t place_of(int core, unsigned long address)
{
	Elf64_Ehdr header;
	Elf64_Phdr part;

	if (pread(core, &header, sizeof(header), 0) != sizeof(header))
		return -1;
	for (int i = 0; i < header.e_phnum; i++) {
		off_t at = header.e_phoff + i * sizeof(part);

		if (pread(core, &part, sizeof(part), at) != sizeof(part))
			return -1;
		if (part.p_type == PT_LOAD && address - part.p_vaddr < part.p_filesz)
			return part.p_offset + (address - part.p_vaddr);
	}
	return -1;
}

int main(int argc, char **argv)
{
	unsigned long address = argc == 2 ? address_of(argv[1]) : 0;
	int core = open("/proc/kcore", O_RDONLY | O_CLOEXEC), value;
	off_t place = address && core >= 0 ? place_of(core, address) : -1;

	if (place < 0 || pread(core, &value, sizeof(value), place) != sizeof(value)) {
		fprintf(stderr, "no %s of the module's to be read\n", argc == 2 ? argv[1] : "name");
		return 1;
	}
	printf("%d\n", value);
	return 0;
}
