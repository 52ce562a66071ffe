// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include <libaudit.h>
#include <string.h>

#include "label.h"

#define UUID	(CONTID_TEXT - 1)
#define SUBJECT "contid="

static bool is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

static bool is_uuid(const char *at, size_t len)
{
	if (len < UUID)
		return false;
	for (size_t i = 0; i < UUID; i++) {
		if (contid_dash_at(i) ? at[i] != '-' : !is_hex(at[i]))
			return false;
	}
	return true;
}

/* ID[,^ID]...[,^?]: one that was cut is none. */
static bool is_label(struct slice label)
{
	while (is_uuid(label.at, label.len)) {
		label.at += UUID;
		label.len -= UUID;
		if (!label.len || slice_is(label, ",^?"))
			return true;
		if (label.len < 2 || memcmp(label.at, ",^", 2))
			return false;
		label.at += 2;
		label.len -= 2;
	}
	return false;
}

/* Other modules may write records of this type, too. */
static bool is_operation(const struct record *record)
{
	return record->type == AUDIT_KERNEL_OTHER && record->text.len > 3 &&
	       !memcmp(record->text.at, "op=", 3);
}

/**
 * label_subject - find the container of the process that caused a record
 * @record: the record
 * @label: out: nearest first, as it is written
 *
 * In user messages it is the first field, in all others the last: the bytes in
 * between may have been chosen by the sender.
 */
bool label_subject(const struct record *record, struct slice *label)
{
	const char *text = record->text.at, *end = text + record->text.len;

	if (record->doubtful || record_is_auxiliary(record) || record_is_of_daemon(record) ||
	    record->type == AUDIT_NETFILTER_PKT)
		return false;
	if (!record_is_from_user(record))
		return record_last_field(record, "contid", label) && is_label(*label);
	end = memchr(text, ' ', end - text) ?: end;
	if ((size_t)(end - text) < strlen(SUBJECT) || memcmp(text, SUBJECT, strlen(SUBJECT)))
		return false;
	label->at = text + strlen(SUBJECT);
	label->len = end - label->at;
	return is_label(*label);
}

/*
 * A field that the module writes into an operation. What stands behind the security context
 * may be a part of that, which may have blanks, and be chosen.
 */
static bool own_field(const struct record *record, const char *name, struct slice *label)
{
	static const char context[] = " subj=";

	return is_operation(record) && record_field(record, name, label) &&
	       !memmem(record->text.at, label->at - record->text.at, context, strlen(context));
}

/**
 * label_next - take the next container off a list
 * @list: "LABEL[,LABEL]...[,?]", as netcontid= has it; out: what is left of that
 * @label: out
 *
 * Return: false if none is left: then @list is empty, or "?" if there may be others.
 */
bool label_next(struct slice *list, struct slice *label)
{
	const char *at = list->at, *end = list->at + list->len;

	if (!is_uuid(list->at, list->len))
		return false;
	/* those that enclose it begin with a circumflex */
	do {
		at = memchr(at, ',', end - at) ?: end;
	} while (at < end && ++at < end && *at == '^');
	*label = (struct slice){ list->at, at - list->at - (at < end) };
	*list = (struct slice){ at, end - at };
	return true;
}

static bool is_list(struct slice list)
{
	struct slice label;

	while (label_next(&list, &label)) {
		if (!is_label(label))
			return false;
	}
	return !list.len || slice_is(list, "?");
}

/**
 * label_net - find the containers that a packet has come to
 * @record: the record
 * @list: out: for label_next()
 */
bool label_net(const struct record *record, struct slice *list)
{
	return record->type == AUDIT_NETFILTER_PKT && !record->doubtful &&
	       record_last_field(record, "netcontid", list) && is_list(*list);
}

/**
 * label_object - find the container that was acted upon
 * @record: the record
 * @label: out
 *
 * A user message cannot have these types. In an operation the module's own fields
 * come first; in OBJ_PID what an LSM calls the object stands before the last. A packet may have
 * come to more than one: then it has come to none by this, see label_net().
 */
bool label_object(const struct record *record, struct slice *label)
{
	if (record->doubtful)
		return false;
	if (record->type == AUDIT_NETFILTER_PKT)
		return label_net(record, label) && is_label(*label);
	if (record->type == AUDIT_OBJ_PID)
		return record_last_field(record, "ocontid", label) && is_label(*label);
	return own_field(record, "ocontid", label) && is_label(*label);
}

/**
 * label_is_doubtful - may the record be of a container, while its bytes do not prove of which?
 * @record: the record
 */
bool label_is_doubtful(const struct record *record)
{
	return record->doubtful && (!record_is_auxiliary(record) || record->type == AUDIT_OBJ_PID);
}

/**
 * label_old_object - what the target of an operation carried before
 * @record: the record
 * @label: out
 */
bool label_old_object(const struct record *record, struct slice *label)
{
	return !record->doubtful && own_field(record, "old-ocontid", label) && is_label(*label);
}

/**
 * label_is_there - is the record of any container, as subject or object?
 * @record: the record
 */
bool label_is_there(const struct record *record)
{
	struct slice label, list;

	return label_subject(record, &label) || label_object(record, &label) ||
	       label_old_object(record, &label) ||
	       (label_net(record, &list) && label_next(&list, &label));
}
