/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Messages for people. Each program has a message() of its own: contidctl
 * writes to stderr, the hook to the journal.
 */
#ifndef COMMON_MESSAGE_H
#define COMMON_MESSAGE_H

extern const char message_program[];

void message(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
