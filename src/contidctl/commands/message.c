// SPDX-License-Identifier: GPL-2.0
#include <stdarg.h>
#include <stdio.h>

#include "message.h"

const char message_program[] = "contidctl";

/** message - one line for a human, to stderr: "contidctl: ..." */
void message(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fprintf(stderr, "%s: ", message_program);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
}
