// SPDX-License-Identifier: GPL-2.0
#include <string.h>
#include <sys/mman.h>

#include "mark.h"
#include "measure.h"

/**
 * mark - say a word to the emulator's counter
 * @word: the number of the region that begins; 0 if one ends; or the address of a probe
 *
 * The word is in instructions that have no effect, and that the counter sees when they are
 * translated: so some are made here for each word. Without the counter nothing comes of it.
 * On x86-64 it is the address of a prefetch, which is a number of 32 bits and its sign; on
 * arm64 what four instructions move into the register that stays zero.
 */
void mark(uint64_t word)
{
#if defined(__x86_64__)
	uint8_t code[] = { 0x0f, 0x18, 0x04, 0x25, 0, 0, 0, 0, /* prefetchnta word */
			   0xc3 /* ret */ };

	memcpy(code + 4, &word, sizeof(uint32_t));
#elif defined(__aarch64__)
	uint32_t code[5];

	for (unsigned int i = 0; i < 4; i++) {
		/* movz xzr, #bits; or movk xzr, #bits, lsl #16 * i */
		code[i] = (i ? 0xf280001f : 0xd280001f) | i << 21 |
			  (uint32_t)(word >> 16 * i & 0xffff) << 5;
	}
	code[4] = 0xd65f03c0; /* ret */
#else
#error "no mark for this processor"
#endif
	void *page = mmap(NULL, sizeof(code), PROT_READ | PROT_WRITE | PROT_EXEC,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (page == MAP_FAILED)
		fail("mmap");
	memcpy(page, code, sizeof(code));
	__builtin___clear_cache(page, (char *)page + sizeof(code));
	((void (*)(void))page)();
	munmap(page, sizeof(code));
}
