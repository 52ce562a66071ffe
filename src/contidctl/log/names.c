// SPDX-License-Identifier: GPL-2.0
/*
 * The module's records of a container's begin and end have its label, and no process can
 * send one. If that is not there, a message VIRT_CONTROL counts: any process with
 * CAP_AUDIT_WRITE can send such a one, and Docker's containers have that by default. So it
 * is believed only from a host process, or from a container that encloses the one it names.
 */
#define _GNU_SOURCE /* tdestroy, twalk_r */
#include <libaudit.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "label.h"
#include "name.h"
#include "names.h"
#include "printable.h"
#include "words.h"

#define UUID	  (CONTID_TEXT - 1)
#define NAME_SIZE 256 /* a label and its NUL */
#define HERE	  ((struct slice){}) /* a log of this machine may name none */

/* Records of different processors may change places. */
#define DISORDER 2000 /* milliseconds */

/**
 * struct period - one of a container's lives; an ID may have several
 * @name: what it was called then, as it was written; NULL if that is not known
 * @shown: the same as it may be printed
 * @by_kernel: the module's own record says so
 * @began: in milliseconds since 1970; 0 if the log does not say
 * @ended: likewise; UINT64_MAX
 */
struct period {
	char *name, *shown;
	bool by_kernel;
	uint64_t began, ended;
};

/**
 * struct named - a container
 * @node: the machine that it is of, as a hash: an ID that is made of a name is the same on each
 * @id: its ID
 * @around: the IDs around it, as its records have them; "" if there are none, or that is
 *	not known
 * @periods: its lives, in their order
 * @count: how many
 */
struct named {
	uint64_t node;
	char id[CONTID_TEXT];
	char around[(UUID + 2) * AUDIT_CONTID_DEPTH_MAX + 1];
	struct period *periods;
	size_t count;
};

/**
 * struct names - all that is known so far
 * @tree: containers, for tsearch(3)
 * @ask_engines: what the log does not say may be in the files of this machine's engines,
 *	which were not asked yet
 */
struct names {
	void *tree;
	bool ask_engines;
};

/* Of several machines, those of one ID lie beside each other. */
static int by_id_alone(const void *a, const void *b)
{
	return memcmp(((const struct named *)a)->id, ((const struct named *)b)->id, UUID);
}

static int by_id(const void *a, const void *b)
{
	uint64_t x = ((const struct named *)a)->node, y = ((const struct named *)b)->node;

	return by_id_alone(a, b) ?: (x > y) - (x < y);
}

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

static void named_free(void *data)
{
	struct named *named = data;

	for (size_t i = 0; i < named->count; i++) {
		free(named->periods[i].name);
		free(named->periods[i].shown);
	}
	free(named->periods);
	free(named);
}

/** names_free - forget all of it */
void names_free(struct names *names)
{
	if (names)
		tdestroy(names->tree, named_free);
	free(names);
}

/* Return: NULL if it is not known, or if there is no memory for one more. */
static struct named *look_up(const struct names *names, struct slice node, const char *id)
{
	struct named key = { .node = slice_hash(node) }, **found;

	memcpy(key.id, id, UUID);
	found = tfind(&key, &names->tree, by_id);
	return found ? *found : NULL;
}

/* The machine's own, or if there is none what this machine's engines say, or any one's. */
static struct named *look_up_any(const struct names *names, struct slice node, const char *id)
{
	struct named *named = look_up(names, node, id), key, **found;

	if (named)
		return named;
	if (node.len)
		return look_up(names, HERE, id);
	memcpy(key.id, id, UUID);
	found = tfind(&key, &names->tree, by_id_alone);
	return found ? *found : NULL;
}

static struct named *add_named(struct names *names, struct slice node, const char *id)
{
	struct named *named = look_up(names, node, id);

	if (named)
		return named;
	named = calloc(1, sizeof(*named));
	if (!named)
		return NULL;
	named->node = slice_hash(node);
	memcpy(named->id, id, UUID);
	if (tsearch(named, &names->tree, by_id))
		return named;
	free(named);
	return NULL;
}

static struct period *add_period(struct named *named, uint64_t began)
{
	struct period *more = array_room(named->periods, named->count, sizeof(*more));

	if (!more)
		return NULL;
	named->periods = more;
	more += named->count++;
	*more = (struct period){ .began = began, .ended = UINT64_MAX };
	return more;
}

/* The one that it lived then. */
static struct period *period_at(const struct named *named, uint64_t milli)
{
	struct period *at = named->periods;

	for (size_t i = 1; i < named->count; i++) {
		if (named->periods[i].began <= milli + DISORDER)
			at = &named->periods[i];
	}
	return named->count ? at : NULL;
}

static void set_name(struct period *period, const char *name, bool by_kernel)
{
	if (!period || (period->name && period->by_kernel >= by_kernel))
		return;
	free(period->name);
	free(period->shown);
	period->name = strdup(name);
	period->shown = printable(name);
	period->by_kernel = by_kernel;
}

static uint64_t milliseconds(const struct record *record)
{
	return record->stamp.sec * 1000 + record->stamp.milli;
}

static bool read_name(struct slice value, char name[NAME_SIZE])
{
	/* one with a NUL in it would look like another */
	return value.len && word_decode(value, name, NAME_SIZE) && *name &&
	       (*value.at == '"' || strlen(name) == value.len / 2);
}

/*
 * The module writes the outcome behind all that others chose, and the name behind that. What
 * reads like one of them in a security context, which may have blanks, stands before both.
 */
static void find_end(const struct record *record, struct slice *res, struct slice *name)
{
	const char *at = NULL;
	struct word word;

	*res = *name = (struct slice){};
	while (words_next(record, &at, &word)) {
		if (slice_is(word.name, "res")) {
			*res = word.value;
			*name = (struct slice){};
		} else if (slice_is(word.name, "vm")) {
			*name = word.value;
		}
	}
}

/* A message of it may have come a moment before, and the log may be read twice. */
static struct period *begin_period(struct named *named, uint64_t now)
{
	struct period *before = period_at(named, now);

	if (!before)
		return add_period(named, now);
	if (before->began >= now || (!before->by_kernel && before->began + DISORDER >= now))
		return before;
	/* it cannot live twice at a time */
	if (before->ended == UINT64_MAX)
		before->ended = now;
	return add_period(named, now);
}

/* The end says the name once more: the begin may be in a log that is gone. */
static void learn_operation(struct names *names, const struct record *record)
{
	uint64_t now = milliseconds(record);
	struct slice op, res, label, vm;
	struct named *named;
	struct period *period;
	char name[NAME_SIZE];
	bool begins;

	if (!label_object(record, &label) || !record_field(record, "op", &op))
		return;
	begins = slice_is(op, "register");
	if (!begins && !slice_is(op, "drop"))
		return;
	find_end(record, &res, &vm);
	if (slice_is(res, "0"))
		return;
	named = add_named(names, record->stamp.node, label.at);
	if (!named)
		return;
	period = begins ? begin_period(named, now) : period_at(named, now);
	if (!period)
		period = add_period(named, 0);
	if (label.len > UUID && label.len - UUID < sizeof(named->around)) {
		memcpy(named->around, label.at + UUID, label.len - UUID);
		named->around[label.len - UUID] = '\0';
	}
	if (period && !begins)
		period->ended = now;
	if (read_name(vm, name))
		set_name(period, name, true);
}

/* Is a container among those around another one? */
static bool encloses(struct slice outer, const struct named *inner)
{
	const char *id = inner->around + 2;

	for (size_t left = strlen(inner->around); left >= UUID + 2; left -= UUID + 2) {
		if (!memcmp(id, outer.at, UUID))
			return true;
		id += UUID + 2;
	}
	return false;
}

/* A host process, or one of a container around it; not one whose label was cut. */
static bool is_believed(const struct record *record, const struct named *named)
{
	struct slice sender;

	if (label_subject(record, &sender))
		return named && encloses(sender, named);
	return record->text.len < 7 || memcmp(record->text.at, "contid=", 7);
}

/**
 * names_told - does a record name a container, and is believed?
 * @names: knows what encloses that
 * @record: the record
 * @id: out: the container
 */
bool names_told(const struct names *names, const struct record *record, char id[CONTID_TEXT])
{
	struct audit_contid contid;
	struct slice uuid;

	/* the right form, in small letters, and nothing behind it */
	if (record->doubtful || record->type != AUDIT_VIRT_CONTROL ||
	    !record_field(record, "uuid", &uuid) || uuid.len != UUID)
		return false;
	memcpy(id, uuid.at, UUID);
	id[UUID] = '\0';
	if (contid_parse(id, &contid))
		return false;
	contid_format(&contid, id);
	return is_believed(record, look_up(names, record->stamp.node, id));
}

static void learn_message(struct names *names, const struct record *record)
{
	char name[NAME_SIZE], id[CONTID_TEXT];
	struct period *period;
	struct named *named;
	struct slice vm;

	if (!names_told(names, record, id) || !record_field(record, "vm", &vm) ||
	    !read_name(vm, name))
		return;
	named = look_up(names, record->stamp.node, id);
	if (!named)
		named = add_named(names, record->stamp.node, id);
	if (!named)
		return;
	period = period_at(named, milliseconds(record));
	if (!period ||
	    (period->ended != UINT64_MAX && period->ended + DISORDER < milliseconds(record)))
		period = add_period(named, milliseconds(record));
	set_name(period, name, false);
}

/**
 * names_learn - see what a record says of a container's name
 * @names: learns it
 * @record: the next record, in the order of the log, of whatever time
 */
void names_learn(struct names *names, const struct record *record)
{
	if (record->doubtful)
		return;
	if (record->type == AUDIT_KERNEL_OTHER)
		learn_operation(names, record);
	else if (record->type == AUDIT_VIRT_CONTROL)
		learn_message(names, record);
}

/**
 * names_add - a container that lives is called so
 * @names: learns it
 * @id: its ID
 * @name: what the module says
 */
void names_add(struct names *names, const char *id, const char *name)
{
	struct named *named = add_named(names, HERE, id);

	if (named)
		set_name(period_at(named, NAMES_NOW) ?: add_period(named, 0), name, true);
}

static void take_engines(void *data, const char *id, const char *name)
{
	struct named *named = add_named(data, HERE, id);

	if (named)
		set_name(period_at(named, NAMES_NOW) ?: add_period(named, 0), name, false);
}

/**
 * struct forgetting - containers on their way out
 * @before: those that had ended by then
 * @list: they
 * @count: how many
 */
struct forgetting {
	uint64_t before;
	struct named **list;
	size_t count;
};

static void find_ended(const void *node, VISIT visit, void *data)
{
	struct named *named = *(struct named *const *)node, **more;
	struct forgetting *forgetting = data;

	if (visit != postorder && visit != leaf)
		return;
	for (size_t i = 0; i < named->count; i++) {
		if (named->periods[i].ended > forgetting->before)
			return;
	}
	more = array_room(forgetting->list, forgetting->count, sizeof(*more));
	if (!more)
		return;
	forgetting->list = more;
	more[forgetting->count++] = named;
}

/**
 * names_forget - for a reader that never ends: forget containers that have ended
 * @names: what is known
 * @before: if they had ended by then, in milliseconds since 1970
 */
void names_forget(struct names *names, uint64_t before)
{
	struct forgetting forgetting = { .before = before };

	twalk_r(names->tree, find_ended, &forgetting);
	for (size_t i = 0; i < forgetting.count; i++) {
		tdelete(forgetting.list[i], &names->tree, by_id);
		named_free(forgetting.list[i]);
	}
	free(forgetting.list);
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
	const struct named *named = look_up_any(names, node, id);
	const struct period *period = named ? period_at(named, milli) : NULL;

	/* once for all: they are slow */
	if ((!period || !period->name) && names->ask_engines) {
		names->ask_engines = false;
		name_each(take_engines, names);
		named = look_up_any(names, node, id);
		period = named ? period_at(named, milli) : NULL;
	}
	return period ? period->shown : NULL;
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
