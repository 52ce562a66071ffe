// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE /* tdestroy, twalk_r */
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "name.h"
#include "named.h"
#include "names.h"

/**
 * names_new - nothing is known yet
 * @ask_engines: the log is this machine's: so are its engines' files
 *
 * Return: to be freed by names_free(); NULL if there is no memory.
 */
struct names *names_new(bool ask_engines)
{
	struct names *names = calloc(1, sizeof(*names));

	if (names)
		names->ask_engines = ask_engines;
	return names;
}

/** names_free - forget all of it */
void names_free(struct names *names)
{
	if (names)
		tdestroy(names->tree, named_free);
	free(names);
}

/**
 * names_add - a container that lives is called so
 * @names: learns it
 * @id: its ID
 * @name: what the module says
 */
void names_add(struct names *names, const char *id, const char *name)
{
	struct named *named = named_add(names, NAMED_HERE, id);

	if (named)
		period_name(period_at(named, NAMES_NOW) ?: period_add(named, 0), name, true);
}

static void take_engines(void *data, const char *id, const struct engine_container *container)
{
	struct named *named = named_add(data, NAMED_HERE, id);
	struct period *period = named ? period_at(named, NAMES_NOW) : NULL;

	if (named && !period)
		period = period_add(named, 0);
	period_name(period, container->name, false);
	period_image(period, container->image, container->digest);
}

static const struct period *period_of(const struct names *names, struct slice node, const char *id,
				      uint64_t milli)
{
	const struct named *named = named_find_any(names, node, id);

	return named ? period_at(named, milli) : NULL;
}

/* Once for all: they are slow. */
static bool ask_engines(struct names *names)
{
	if (!names->ask_engines)
		return false;
	names->ask_engines = false;
	name_each(take_engines, names);
	return true;
}

/**
 * names_of - what a container was called
 * @names: what is known so far
 * @node: the machine that it is of; of length 0 if the log names none, or if any will do
 * @id: its ID, 36 characters
 * @milli: when, in milliseconds since 1970
 *
 * Return: as it may be printed; NULL if it is not known. It is there until more is learnt.
 */
const char *names_of(struct names *names, struct slice node, const char *id, uint64_t milli)
{
	const struct period *period = period_of(names, node, id, milli);

	if ((!period || !period->name) && ask_engines(names))
		period = period_of(names, node, id, milli);
	return period ? period->shown : NULL;
}

/**
 * names_image - what a container was made of
 * @names: what is known so far
 * @node: see names_of(), as the others
 * @id: its ID
 * @milli: when
 *
 * The module's records do not say it.
 *
 * Return: what is known, until more is learnt.
 */
struct image names_image(struct names *names, struct slice node, const char *id, uint64_t milli)
{
	const struct period *period = period_of(names, node, id, milli);

	if ((!period || !period->image) && ask_engines(names))
		period = period_of(names, node, id, milli);
	return period ? (struct image){ period->image, period->digest } : (struct image){};
}

/**
 * struct search - a look for a name
 * @name: the name
 * @since: when it is to have lived
 * @until: likewise
 * @list: gets the containers
 * @ok: there was memory for them
 */
struct search {
	const char *name;
	uint64_t since, until;
	struct wanted_list *list;
	bool ok;
};

static void look_at(const void *node, VISIT visit, void *data)
{
	const struct named *named = *(struct named *const *)node;
	struct search *search = data;

	if (visit != postorder && visit != leaf)
		return;
	for (size_t i = 0; i < named->count; i++) {
		const struct period *period = &named->periods[i];

		if (period->name && !strcmp(period->name, search->name) &&
		    period->began <= search->until && period->ended >= search->since) {
			search->ok &= wanted_list_add(search->list, named->id);
			return;
		}
	}
}

/**
 * names_find - find the containers that were called so
 * @names: what the whole log has said
 * @name: the name
 * @since: they lived at this time or later, in milliseconds since 1970
 * @until: they lived at this time or earlier
 * @list: gets them
 *
 * Return: false if there is no memory.
 */
bool names_find(const struct names *names, const char *name, uint64_t since, uint64_t until,
		struct wanted_list *list)
{
	struct search search = { name, since, until, list, true };

	twalk_r(names->tree, look_at, &search);
	return search.ok;
}
