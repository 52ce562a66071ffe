// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>

#include "escape.h"

static const char more[] = "...";

/**
 * escape - make text that can neither end a line nor a quotation
 * @text: anything
 * @out: out: quotes, backslashes and all that is not printable ASCII as \xNN
 * @size: of @out; what does not fit is left out, and "..." says so
 */
void escape(const char *text, char *out, size_t size)
{
	for (; *text; text++) {
		unsigned char c = *text;
		const char *format = c < ' ' || c > '~' || strchr("\"\\", c) ? "\\x%02x" : "%c";

		if (size <= strlen("\\x00") + sizeof(more)) {
			out += sprintf(out, more);
			break;
		}
		size -= sprintf(out, format, c);
		out += strlen(out);
	}
	*out = '\0';
}
