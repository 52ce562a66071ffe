/* SPDX-License-Identifier: GPL-2.0 */
/* What the fuzzers of the parsers share. */
#ifndef FUZZ_HARNESS_H
#define FUZZ_HARNESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What has to hold. libFuzzer keeps the input that ends here. */
#define must(what)                                                                                \
	do {                                                                                      \
		if (!(what)) {                                                                    \
			fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #what); \
			abort();                                                                  \
		}                                                                                 \
	} while (0)

/* The input as text, up to its first NUL; of just its length, so that ASan sees its end. */
static inline char *input_text(const uint8_t *data, size_t size)
{
	size_t len = strnlen((const char *)data, size);
	char *text = malloc(len + 1);

	must(text);
	memcpy(text, data, len);
	text[len] = '\0';
	return text;
}

/* A file with the input in it, at its begin. */
static inline int input_file(const uint8_t *data, size_t size)
{
	static int fd = -1;

	if (fd < 0)
		fd = memfd_create("input", 0);
	must(fd >= 0);
	must(!ftruncate(fd, 0));
	must(pwrite(fd, data, size, 0) == (ssize_t)size);
	must(!lseek(fd, 0, SEEK_SET));
	return fd;
}

/* Nothing that ends a line or that a terminal might obey. */
static inline bool is_tame(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
			return false;
	}
	return true;
}

#endif
