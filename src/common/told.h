/* SPDX-License-Identifier: GPL-2.0 */
/* The messages so far, for the one line in the journal. */
#ifndef COMMON_TOLD_H
#define COMMON_TOLD_H

extern char told[1024];

#endif
