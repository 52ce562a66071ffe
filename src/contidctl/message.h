/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a human is told. Each program that is linked with the files that tell has
 * a message.c of its own: contidctl writes to stderr, the hook to the journal.
 */
#ifndef CONTIDCTL_MESSAGE_H
#define CONTIDCTL_MESSAGE_H

extern const char message_program[];

void message(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
