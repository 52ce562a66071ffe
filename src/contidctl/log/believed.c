// SPDX-License-Identifier: GPL-2.0
/*
 * The module's records of a container's begin and end have its label, and no process can
 * send one. If that is not there, a message VIRT_CONTROL counts: any process with
 * CAP_AUDIT_WRITE can send such a one, and Docker's containers have that by default. So it
 * is believed only from a host process, or from a container that encloses the one it names.
 */
#include <libaudit.h>
#include <stdlib.h>
#include <string.h>

#include "label.h"
#include "named.h"
#include "names.h"
#include "words.h"

#define NAME_SIZE 256 /* a label, or what else a message has, and its NUL */

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
		return period_add(named, now);
	if (before->began >= now || (!before->by_kernel && before->began + NAMED_DISORDER >= now))
		return before;
	/* it cannot live twice at a time */
	if (before->ended == UINT64_MAX)
		before->ended = now;
	return period_add(named, now);
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
	named = named_add(names, record->stamp.node, label.at);
	if (!named)
		return;
	period = begins ? begin_period(named, now) : period_at(named, now);
	if (!period)
		period = period_add(named, 0);
	if (label.len > NAMED_UUID) {
		free(named->around);
		named->around = strndup(label.at + NAMED_UUID, label.len - NAMED_UUID);
	}
	if (period && !begins)
		period->ended = now;
	if (read_name(vm, name))
		period_name(period, name, true);
}

/* Is a container among those around another one? */
static bool encloses(struct slice outer, const struct named *inner)
{
	const char *id = inner->around;

	if (!id)
		return false;
	id += 2;
	for (size_t left = strlen(inner->around); left >= NAMED_UUID + 2; left -= NAMED_UUID + 2) {
		if (!memcmp(id, outer.at, NAMED_UUID))
			return true;
		id += NAMED_UUID + 2;
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
	    !record_field(record, "uuid", &uuid) || uuid.len != NAMED_UUID)
		return false;
	memcpy(id, uuid.at, NAMED_UUID);
	id[NAMED_UUID] = '\0';
	if (contid_parse(id, &contid))
		return false;
	contid_format(&contid, id);
	return is_believed(record, named_find(names, record->stamp.node, id));
}

static bool read_field(const struct record *record, const char *field, char text[NAME_SIZE])
{
	struct slice value;

	if (record_field(record, field, &value) && read_name(value, text))
		return true;
	*text = '\0';
	return false;
}

static void learn_message(struct names *names, const struct record *record)
{
	char name[NAME_SIZE], image[NAME_SIZE], digest[NAME_SIZE], id[CONTID_TEXT];
	bool has_name, has_image, has_digest;
	struct period *period;
	struct named *named;

	if (!names_told(names, record, id))
		return;
	has_name = read_field(record, "vm", name);
	has_image = read_field(record, "image", image);
	has_digest = read_field(record, "image-digest", digest);
	if (!has_name && !has_image && !has_digest)
		return;
	named = named_find(names, record->stamp.node, id);
	if (!named)
		named = named_add(names, record->stamp.node, id);
	if (!named)
		return;
	period = period_at(named, milliseconds(record));
	if (!period ||
	    (period->ended != UINT64_MAX && period->ended + NAMED_DISORDER < milliseconds(record)))
		period = period_add(named, milliseconds(record));
	if (has_name)
		period_name(period, name, false);
	period_image(period, image, digest);
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
	else
		return;
	named_tidy(names, &record->stamp);
}
