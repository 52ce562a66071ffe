/* SPDX-License-Identifier: GPL-2.0 */
/* A month of containers, on a page that can be signed. */
#ifndef CONTIDCTL_PAGE_H
#define CONTIDCTL_PAGE_H

#include "reading.h"

bool page_period(const char *text, struct intake *intake);
int page_run(struct reading *reading, bool json);

#endif
