// SPDX-License-Identifier: GPL-2.0
/* int80_mkdir DIR: makes a directory by the 32-bit system call. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

int main(int argc, char **argv)
{
#ifdef __x86_64__
	char *low = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	long result = 39; /* mkdir, in the 32-bit table */

	if (argc != 2 || low == MAP_FAILED || strlen(argv[1]) >= 4096) {
		fputs("usage: int80_mkdir DIR\n", stderr);
		return 2;
	}
	strcpy(low, argv[1]);
	asm volatile("int $0x80"
		     : "+a"(result)
		     : "b"(low), "c"(0755L)
		     : "memory", "r8", "r9", "r10", "r11");
	if (result < 0) {
		errno = -result;
		perror(argv[1]);
		return 1;
	}
	return 0;
#else
	(void)argc;
	fprintf(stderr, "%s: there is no such call here\n", argv[0]);
	return 77;
#endif
}
