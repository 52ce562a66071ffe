// SPDX-License-Identifier: GPL-2.0
/* map_read FILE: map FILE, and read its first byte there: by a page fault. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>

int main(int argc, char **argv)
{
	int fd = argc == 2 ? open(argv[1], O_RDONLY) : -1;
	const volatile char *at;

	if (fd < 0) {
		perror("map_read");
		return 1;
	}
	at = mmap(NULL, 1, PROT_READ, MAP_PRIVATE, fd, 0);
	if (at == MAP_FAILED) {
		perror("map_read: mmap");
		return 1;
	}
	printf("%c\n", at[0]);
	return 0;
}
