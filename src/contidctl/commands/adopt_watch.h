/* SPDX-License-Identifier: GPL-2.0 */
/* contidctl adopt --watch */
#ifndef CONTIDCTL_ADOPT_WATCH_H
#define CONTIDCTL_ADOPT_WATCH_H

int adopt_watch(void);

#endif
