/* SPDX-License-Identifier: GPL-2.0 */
/* Records, as the kernel sends them to each listener. */
#ifndef CONTIDCTL_LISTENER_H
#define CONTIDCTL_LISTENER_H

#include <stdbool.h>
#include <stddef.h>

#define LISTENER_LINE (16 * 1024)

enum heard { HEARD_RECORD, HEARD_LOSS, HEARD_NOTHING, HEARD_ERROR };

/* what is heard: of the module alone, or all that there is */
enum listener_records { LISTEN_MODULE, LISTEN_ALL };

int listener_open(enum listener_records which);
enum heard listener_read(int fd, char line[LISTENER_LINE], size_t *len);

#endif
