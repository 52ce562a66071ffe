/* SPDX-License-Identifier: GPL-2.0 */
/* A line in the journal, and on stderr, which runtimes throw away. */
#ifndef OCI_HOOK_JOURNAL_H
#define OCI_HOOK_JOURNAL_H

void journal(int priority, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
