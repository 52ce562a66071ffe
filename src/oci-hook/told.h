/* SPDX-License-Identifier: GPL-2.0 */
/* What message() was told so far, for the one line in the journal. */
#ifndef OCI_HOOK_TOLD_H
#define OCI_HOOK_TOLD_H

extern char told[1024];

#endif
