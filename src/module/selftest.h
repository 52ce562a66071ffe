/* SPDX-License-Identifier: GPL-2.0 */
/* Whether each hook sees its part, proven at load. */
#ifndef CONTID_SELFTEST_H
#define CONTID_SELFTEST_H

int selftest_run(void);

#endif
