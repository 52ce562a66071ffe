// SPDX-License-Identifier: GPL-2.0
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "message.h"
#include "told.h"

char told[1024];

/** message - keep a message until its container is known */
void message(const char *format, ...)
{
	size_t length = strlen(told);
	va_list args;

	if (length)
		length += snprintf(told + length, sizeof(told) - length, "; ");
	if (length >= sizeof(told))
		return;
	va_start(args, format);
	vsnprintf(told + length, sizeof(told) - length, format, args);
	va_end(args);
}
