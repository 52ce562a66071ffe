/* SPDX-License-Identifier: GPL-2.0 */
/* What the kernel says while it happens, as the lines of a log. */
#ifndef CONTIDCTL_KERNEL_STREAM_H
#define CONTIDCTL_KERNEL_STREAM_H

#include "logs.h"

bool kernel_stream_is_needed(void);
bool kernel_stream_follow(int fd, const struct line_user *user, bool (*idle)(void *data));

#endif
