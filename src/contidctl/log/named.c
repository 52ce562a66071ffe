// SPDX-License-Identifier: GPL-2.0
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "named.h"
#include "printable.h"

/* Of several machines, those of one ID lie beside each other. */
static int by_id_alone(const void *a, const void *b)
{
	return memcmp(((const struct named *)a)->id, ((const struct named *)b)->id, NAMED_UUID);
}

/**
 * named_order - in which order the tree has them, for tsearch(3)
 * @a: a container
 * @b: another
 */
int named_order(const void *a, const void *b)
{
	uint64_t x = ((const struct named *)a)->node, y = ((const struct named *)b)->node;

	return by_id_alone(a, b) ?: (x > y) - (x < y);
}

/**
 * named_forget - forget the first lives of a container
 * @named: the container
 * @count: so many
 */
void named_forget(struct named *named, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		free(named->periods[i].name);
		free(named->periods[i].shown);
		free(named->periods[i].image);
		free(named->periods[i].digest);
	}
	named->count -= count;
	if (named->count)
		memmove(named->periods, named->periods + count,
			named->count * sizeof(*named->periods));
}

/** named_free - free a container, for tdestroy(3) */
void named_free(void *data)
{
	struct named *named = data;

	named_forget(named, named->count);
	free(named->periods);
	free(named->around);
	free(named);
}

/**
 * named_find - a container that is known
 * @names: where
 * @node: its machine
 * @id: its ID
 *
 * Return: NULL if it is not.
 */
struct named *named_find(const struct names *names, struct slice node, const char *id)
{
	struct named key = { .node = slice_hash(node) }, **found;

	memcpy(key.id, id, NAMED_UUID);
	found = tfind(&key, &names->tree, named_order);
	return found ? *found : NULL;
}

/**
 * named_find_any - a container that is known, on its machine or elsewhere
 * @names: where
 * @node: its machine; of length 0 if any will do
 * @id: its ID
 *
 * Return: the machine's own, or if there is none what this machine's engines say, or any
 * one's; NULL if there is none at all.
 */
struct named *named_find_any(const struct names *names, struct slice node, const char *id)
{
	struct named *named = named_find(names, node, id), key, **found;

	if (named)
		return named;
	if (node.len)
		return named_find(names, NAMED_HERE, id);
	memcpy(key.id, id, NAMED_UUID);
	found = tfind(&key, &names->tree, by_id_alone);
	return found ? *found : NULL;
}

/**
 * named_add - have a container in the tree
 * @names: where
 * @node: its machine
 * @id: its ID
 *
 * Return: that, be it new or not; NULL without memory.
 */
struct named *named_add(struct names *names, struct slice node, const char *id)
{
	struct named *named = named_find(names, node, id);

	if (named)
		return named;
	named = calloc(1, sizeof(*named));
	if (!named)
		return NULL;
	named->node = slice_hash(node);
	memcpy(named->id, id, NAMED_UUID);
	if (tsearch(named, &names->tree, named_order)) {
		names->count++;
		return named;
	}
	free(named);
	return NULL;
}

/**
 * period_add - one more life of a container
 * @named: the container
 * @began: when it began
 *
 * Return: NULL without memory.
 */
struct period *period_add(struct named *named, uint64_t began)
{
	struct period *more = array_room(named->periods, named->count, sizeof(*more));

	if (!more)
		return NULL;
	named->periods = more;
	more += named->count++;
	*more = (struct period){ .began = began, .ended = UINT64_MAX };
	return more;
}

/**
 * period_at - the life that a container lived then
 * @named: the container
 * @milli: when, in milliseconds since 1970
 *
 * Return: NULL if none is known.
 */
struct period *period_at(const struct named *named, uint64_t milli)
{
	size_t at = named->count;

	/* from its last life, which is nearly always asked for: an ID may have had any number */
	while (at && named->periods[at - 1].began > milli + NAMED_DISORDER)
		at--;
	if (!named->count)
		return NULL;
	return &named->periods[at ? at - 1 : 0];
}

/**
 * period_name - note what a container was called
 * @period: its life; or NULL
 * @name: the name; a first one stays, but for the kernel's word
 * @by_kernel: it is the module's
 */
void period_name(struct period *period, const char *name, bool by_kernel)
{
	if (!period || (period->name && period->by_kernel >= by_kernel))
		return;
	free(period->name);
	free(period->shown);
	period->name = strdup(name);
	period->shown = printable(name);
	period->by_kernel = by_kernel;
}

/**
 * period_image - note what a container was made of
 * @period: its life; or NULL
 * @image: its image; a first one stays; NULL or "" if this is not known
 * @digest: likewise, by what is in it
 */
void period_image(struct period *period, const char *image, const char *digest)
{
	if (period && !period->image && image && *image)
		period->image = printable(image);
	if (period && !period->digest && digest && *digest)
		period->digest = printable(digest);
}
