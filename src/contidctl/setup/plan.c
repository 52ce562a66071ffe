// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "engines.h"

/**
 * plan_wrong - the engine cannot be set up
 * @plan: its plan
 * @format: why, and what to type instead
 */
void plan_wrong(struct plan *plan, const char *format, ...)
{
	va_list args;

	free(plan->wrong);
	va_start(args, format);
	if (vasprintf(&plan->wrong, format, args) < 0)
		abort();
	va_end(args);
}

/**
 * plan_needs - the engine will call a program of ours, or start no container
 * @plan: its plan
 * @program: the program
 *
 * Return: false if it is not there, which is said.
 */
bool plan_needs(struct plan *plan, const char *program)
{
	if (below_has_program(program))
		return true;
	plan_wrong(plan,
		   "%s is not there: type `make install`, or install the package "
		   "audit-contid-tools",
		   program);
	return false;
}

/**
 * plan_file - a file of our own is to be there
 * @plan: gets it
 * @path: of the file
 * @format: what is in it
 */
void plan_file(struct plan *plan, const char *path, const char *format, ...)
{
	struct change *change = &plan->changes[plan->count++];
	va_list args;
	int length;

	*change = (struct change){ .path = path, .bytes.there = true };
	va_start(args, format);
	length = vasprintf(&change->bytes.text, format, args);
	va_end(args);
	if (length < 0)
		abort();
	change->bytes.length = length;
}

/** plan_free - forget a plan */
void plan_free(struct plan *plan)
{
	for (int i = 0; i < plan->count; i++)
		bytes_free(&plan->changes[i].bytes);
	free(plan->wrong);
	free(plan->limit);
	*plan = (struct plan){};
}
