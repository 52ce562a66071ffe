// SPDX-License-Identifier: GPL-2.0
/*
 * A log may have millions of containers, of which few live at a time. Whoever only wants to
 * know what a container is called while it lives can forget it soon after.
 */
#define _GNU_SOURCE /* twalk_r */
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "named.h"
#include "names.h"

#define FEW  4096 /* to forget is not worth the time */
#define LATE (5 * NAMED_DISORDER) /* nothing of a container comes so long after its end */

/* In milliseconds, of a reader that never ends */
#define FORGET_EVERY (60 * 1000ULL)
#define FORGET_AFTER (3600 * 1000ULL)

/**
 * struct forgetting - containers on their way out
 * @names: what is known
 * @before: those that had ended by then; 0: as named_tidy() has it
 * @list: they
 * @count: how many
 */
struct forgetting {
	const struct names *names;
	uint64_t before;
	struct named **list;
	size_t count;
};

/* Each machine has a clock of its own. */
static uint64_t *clock_of(const struct names *names, uint64_t node)
{
	return (uint64_t *)&names->now[node % NAMED_MACHINES];
}

static void find_ended(const void *node, VISIT visit, void *data)
{
	struct named *named = *(struct named *const *)node, **more;
	struct forgetting *forgetting = data;
	uint64_t before = forgetting->before;
	size_t ended = 0;

	if (visit != postorder && visit != leaf)
		return;
	if (!before) {
		before = *clock_of(forgetting->names, named->node);
		before -= before > LATE ? LATE : before;
	}
	while (ended < named->count && named->periods[ended].ended <= before)
		ended++;
	if (ended < named->count) {
		/*
		 * An ID may live again and again, and never be without a life. The last one is
		 * kept: what comes late is of that.
		 */
		if (ended > 1)
			named_forget(named, ended - 1);
		return;
	}
	more = array_room(forgetting->list, forgetting->count, sizeof(*more));
	if (!more)
		return;
	forgetting->list = more;
	more[forgetting->count++] = named;
}

static void forget(struct names *names, uint64_t before)
{
	struct forgetting forgetting = { .names = names, .before = before };

	twalk_r(names->tree, find_ended, &forgetting);
	for (size_t i = 0; i < forgetting.count; i++) {
		tdelete(forgetting.list[i], &names->tree, named_order);
		named_free(forgetting.list[i]);
		names->count--;
	}
	free(forgetting.list);
}

/**
 * names_forget - for a reader that never ends: forget lives that have ended an hour ago
 * @names: what is known
 * @now: the time of the latest record, in milliseconds since 1970
 *
 * It may be called for each record: it looks once a minute.
 */
void names_forget(struct names *names, uint64_t now)
{
	if (now < names->forgot + FORGET_EVERY)
		return;
	names->forgot = now;
	if (now > FORGET_AFTER)
		forget(names, now - FORGET_AFTER);
}

/**
 * names_let_go - from now on each container may be forgotten soon after its end
 * @names: what is known; the logs are read from their beginning after this
 *
 * Nobody will look for a name, and each container is asked for while it lives.
 */
void names_let_go(struct names *names)
{
	names->lets_go = true;
	memset(names->now, 0, sizeof(names->now));
}

/**
 * named_tidy - forget what may be forgotten, if it is worth the time
 * @names: what is known
 * @stamp: of the record that was learnt
 */
void named_tidy(struct names *names, const struct stamp *stamp)
{
	if (!names->lets_go)
		return;
	*clock_of(names, slice_hash(stamp->node)) = stamp->sec * 1000 + stamp->milli;
	if (names->count <= names->enough)
		return;
	forget(names, 0);
	names->enough = 2 * names->count + FEW;
}
