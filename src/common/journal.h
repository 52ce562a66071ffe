/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A line in the journal, and on stderr, if the program says so: runtimes throw away
 * what a hook prints, and the stderr of a runtime may be the container's own.
 */
#ifndef COMMON_JOURNAL_H
#define COMMON_JOURNAL_H

#include <stdbool.h>

extern bool journal_on_stderr;

void journal(int priority, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
