// SPDX-License-Identifier: GPL-2.0
/* The OCI hook's configuration file. */
#define _GNU_SOURCE /* memfd_create */
#include <stdarg.h>

#include "config.h"
#include "journal.h"
#include "harness.h"

static unsigned int lines;

/* In the place of the hook's own: a message has to be one line. */
void journal(int priority, const char *format, ...)
{
	char line[1900];
	va_list args;

	(void)priority;
	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	must(is_tame(line, strlen(line)));
	lines++;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char path[64];
	struct config config;
	size_t newlines = 1;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", input_file(data, size));
	lines = 0;
	config_read(&config, path, "kube-system");
	for (size_t i = 0; i < size; i++)
		newlines += data[i] == '\n';
	must(lines <= newlines);
	for (enum situation i = MISSING; i < SITUATIONS; i++) {
		char text[CONFIG_TEXT];

		config_format(&config, i, text);
		must(*text && is_tame(text, strlen(text)));
	}
	return 0;
}
