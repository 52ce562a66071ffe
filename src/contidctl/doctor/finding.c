// SPDX-License-Identifier: GPL-2.0
#include <stdarg.h>
#include <stdio.h>

#include "finding.h"

/**
 * finding_set - say what was found
 * @finding: gets it
 * @verdict: does it hold?
 * @format: what was found
 */
void finding_set(struct finding *finding, enum verdict verdict, const char *format, ...)
{
	va_list args;

	finding->verdict = verdict;
	va_start(args, format);
	vsnprintf(finding->found, sizeof(finding->found), format, args);
	va_end(args);
}

/**
 * finding_todo - say what is to be done
 * @finding: gets it
 * @format: what to type, or what to change
 */
void finding_todo(struct finding *finding, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(finding->todo, sizeof(finding->todo), format, args);
	va_end(args);
}
