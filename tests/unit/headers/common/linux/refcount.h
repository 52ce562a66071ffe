/* SPDX-License-Identifier: GPL-2.0 */
#ifndef UNIT_REFCOUNT_H
#define UNIT_REFCOUNT_H

typedef struct {
	int refs;
} refcount_t;
unsigned int refcount_read(const refcount_t *r);

#endif
