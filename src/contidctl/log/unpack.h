/* SPDX-License-Identifier: GPL-2.0 */
/* The bytes of a file, whether it is compressed or not. */
#ifndef CONTIDCTL_UNPACK_H
#define CONTIDCTL_UNPACK_H

#include <stddef.h>
#include <sys/types.h>

struct unpack;

struct unpack *unpack_open(int fd, const char *name);
ssize_t unpack_read(struct unpack *unpack, char *buffer, size_t size);
void unpack_close(struct unpack *unpack);

#endif
