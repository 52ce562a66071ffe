/* SPDX-License-Identifier: GPL-2.0 */
/* Arrays that grow by one item at a time. */
#ifndef COMMON_ARRAY_H
#define COMMON_ARRAY_H

#include <stdlib.h>

/**
 * array_room - make room for one item more
 * @items: the array
 * @count: its items; there is room for the next power of two
 * @size: of an item
 *
 * Return: the array, which may have moved; NULL if there is no memory, and then it has
 * not.
 */
static inline void *array_room(void *items, size_t count, size_t size)
{
	if (count & (count - 1))
		return items;
	return reallocarray(items, count ? 2 * count : 1, size);
}

#endif
