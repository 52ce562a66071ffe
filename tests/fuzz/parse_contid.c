// SPDX-License-Identifier: GPL-2.0
/* Container IDs as people and runtimes write them, and points in time. */
#define _GNU_SOURCE /* memfd_create */
#include <ctype.h>

#include "contid.h"
#include "moment.h"
#include "wanted.h"
#include "harness.h"

static size_t digits_of(const char *text, char digits[33])
{
	size_t count = 0;

	for (; *text; text++) {
		if (*text != '-' && count++ < 32)
			digits[count - 1] = tolower((unsigned char)*text);
	}
	digits[count < 32 ? count : 32] = '\0';
	return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = input_text(data, size), again[CONTID_TEXT], before[33], after[33];
	struct audit_contid id, other;
	struct wanted wanted;
	uint64_t milli;

	if (!contid_parse(text, &id)) {
		contid_format(&id, again);
		must(strlen(again) == CONTID_TEXT - 1);
		must(!contid_parse(again, &other));
		must(!memcmp(&id, &other, sizeof(id)));
		digits_of(text, before);
		must(digits_of(again, after) == 32);
		must(!strcmp(before, after));
		must(wanted_parse(&wanted, again));
	}
	if (wanted_parse(&wanted, text)) {
		must(wanted.len && wanted.len < CONTID_TEXT);
		must(!wanted.prefix[wanted.len]);
	}
	moment_parse(text, true, &milli);
	moment_parse(text, false, &milli);
	free(text);
	return 0;
}
