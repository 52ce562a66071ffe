// SPDX-License-Identifier: GPL-2.0
#include <string.h>
#include <sys/mman.h>

#include "mark.h"
#include "measure.h"

/**
 * mark - say a word to the emulator's counter
 * @word: the number of the region that begins; 0 if one ends; or the low half of
 *	the address of a probe
 *
 * The word is the address in an instruction that has no effect, a prefetch, which the
 * counter sees when it is translated: so one is made here for each word. Without the
 * counter nothing comes of it.
 */
void mark(uint32_t word)
{
#if defined(__x86_64__)
	uint8_t code[] = { 0x0f, 0x18, 0x04, 0x25, 0, 0, 0, 0, /* prefetchnta word */
			   0xc3 /* ret */ };
	void *page = mmap(NULL, sizeof(code), PROT_READ | PROT_WRITE | PROT_EXEC,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (page == MAP_FAILED)
		fail("mmap");
	memcpy(code + 4, &word, sizeof(word));
	memcpy(page, code, sizeof(code));
	((void (*)(void))page)();
	munmap(page, sizeof(code));
#else
	(void)word;
#endif
}
