// SPDX-License-Identifier: GPL-2.0
/*
 * A word like db may be a container's name and the beginning of an ID. Somebody who
 * investigates must not be shown another container's deeds: what may mean two is
 * refused, and both are named. A name that several had, one after the other, means all.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "intake.h"
#include "message.h"
#include "name.h"
#include "printable.h"
#include "system_log.h"
#include "whom.h"

#define ID_WORD	  "id:"
#define NAME_WORD "name:"

/**
 * struct scan - a look for IDs in a log
 * @intake: takes its lines
 * @wanted: how they begin, or NULL
 * @found: they
 */
struct scan {
	struct intake intake;
	const struct wanted *wanted;
	struct candidates *found;
};

static bool no_memory(void)
{
	message("%s", strerror(ENOMEM));
	return false;
}

static bool scan_line(void *data, const char *line, size_t len)
{
	struct scan *scan = data;
	struct record record;

	if (intake_take(&scan->intake, line, len, &record) && scan->wanted)
		wanted_collect(scan->wanted, &record, scan->found);
	return true;
}

static bool scan_logs(struct whom *whom, const struct wanted *wanted, struct candidates *found)
{
	struct scan scan = {
		.intake.until = UINT64_MAX,
		.intake.node = whom->node,
		.intake.names = whom->names,
		.wanted = wanted,
		.found = found,
	};
	const struct line_user lines = { scan_line, &scan };

	if (!whom->logs) {
		message("a stream can be followed for whole IDs, RUNTIME:NAME or --all alone: what "
			"a container is called has to be looked up first, and it is read once");
		return false;
	}
	whom->scanned = true;
	return logs_rewind(whom->logs) && logs_read(whom->logs, &lines) && logs_rewind(whom->logs);
}

/* What containers were called: by the log, or if that says nothing by the engines' files. */
static bool find_name(struct whom *whom, const char *name, struct wanted_list *named)
{
	struct candidates of_engines = {};

	if (!whom->scanned && !scan_logs(whom, NULL, NULL))
		return false;
	if (!names_find(whom->names, name, whom->since, whom->until, named))
		return no_memory();
	if (named->count)
		return true;
	name_find(name, &of_engines);
	for (size_t i = 0; i < of_engines.count; i++) {
		if (!wanted_list_add(named, of_engines.ids[i]))
			return no_memory();
	}
	return true;
}

static void tell_candidates(const char *text, const struct wanted_list *named,
			    const struct candidates *begun)
{
	bool one = named->count == 1;

	message("'%s' may mean several containers; say which by one of these words:", text);
	for (size_t i = 0; i < named->count && i < CANDIDATES; i++)
		message("  " ID_WORD "%s, which has this name%s%s", named->items[i].prefix,
			one ? ": or " NAME_WORD : "", one ? text : "");
	for (size_t i = 0; i < begun->count; i++)
		message("  " ID_WORD "%s, which begins so in the log", begun->ids[i]);
	if (named->count > CANDIDATES || begun->more)
		message("  and others");
}

/* One name, several containers: all of them, and the reader is to know it. */
static void tell_all(const char *text, const struct wanted_list *named)
{
	char list[CANDIDATES * (CONTID_TEXT + 1)] = "", *to = list, *name = printable(text);

	for (size_t i = 0; i < named->count && i < CANDIDATES; i++)
		to += sprintf(to, " %s", named->items[i].prefix);
	message("'%s' was the name of %zu containers in the time that is searched:%s%s", name ?: "",
		named->count, list, named->count > CANDIDATES ? " and others" : "");
	free(name);
}

static bool add(struct whom *whom, const char *id)
{
	return wanted_list_add(&whom->list, id) || no_memory();
}

static bool add_all(struct whom *whom, const char *text, const struct wanted_list *named)
{
	if (named->count > 1)
		tell_all(text, named);
	for (size_t i = 0; i < named->count; i++) {
		if (!add(whom, named->items[i].prefix))
			return false;
	}
	return true;
}

/* A name, or the beginning of one ID; never of several, and not both. */
static bool decide(struct whom *whom, const char *text, const struct wanted_list *named,
		   const struct candidates *begun)
{
	if (begun->count == 1 && !named->count)
		return add(whom, begun->ids[0]);
	if (named->count && (!begun->count || (begun->count == 1 && named->count == 1 &&
					       !strcmp(named->items[0].prefix, begun->ids[0]))))
		return add_all(whom, text, named);
	tell_candidates(text, named, begun);
	return false;
}

static bool find_begun(struct whom *whom, const char *text, const char *word)
{
	const struct wanted_list none = {};
	struct candidates begun = {};
	struct wanted wanted;

	if (!wanted_parse(&wanted, word)) {
		message("'%s' is not an ID or the beginning of one", word);
		return false;
	}
	if (wanted_is_whole(&wanted))
		return add(whom, word);
	if (!scan_logs(whom, &wanted, &begun))
		return false;
	if (begun.count)
		return decide(whom, text, &none, &begun);
	message("no container in the log has an ID that begins with %s", word);
	return false;
}

static bool find_named(struct whom *whom, const char *name)
{
	struct wanted_list named = {};
	char id[CONTID_TEXT];
	bool ok;

	if (name_derive(name, id))
		return add(whom, id);
	ok = find_name(whom, name, &named) && add_all(whom, name, &named);
	if (ok && !named.count)
		message("%s: neither an ID or the beginning of one, nor the name of a container in "
			"the log, or that podman, CRI-O or Docker of root has here; `contidctl "
			"report` shows the IDs in the log",
			name);
	ok = ok && named.count;
	free(named.items);
	return ok;
}

static bool find_either(struct whom *whom, const char *text, const struct wanted *wanted)
{
	struct candidates begun = {};
	struct wanted_list named = {};
	bool ok;

	ok = scan_logs(whom, wanted, &begun) && find_name(whom, text, &named);
	if (ok && named.count + begun.count) {
		ok = decide(whom, text, &named, &begun);
	} else if (ok) {
		message("no container in the log has an ID that begins with %s, and podman, CRI-O "
			"and Docker of root have none here that is called so",
			text);
		ok = false;
	}
	free(named.items);
	return ok;
}

/**
 * whom_open - get ready to find out
 * @whom: out, but for the machine
 * @logs: the files; if there are none, this machine's
 * @since: the time that is searched, in milliseconds since 1970
 * @until: likewise
 *
 * Return: false if they cannot be read, or without memory; a message has been printed.
 */
bool whom_open(struct whom *whom, struct logs *logs, uint64_t since, uint64_t until)
{
	bool is_system = !logs->count;

	if (is_system && !logs_add_system(logs))
		return false;
	whom->names = names_new(is_system);
	whom->logs = logs;
	whom->since = since;
	whom->until = until;
	return whom->names || no_memory();
}

/**
 * whom_find - find out which container is meant
 * @whom: gets it; or all that had the name, if it is one, in the time that is searched
 * @text: an ID, the beginning of one, a name, RUNTIME:NAME; after id: or name: one
 *	of these alone
 *
 * Return: false if that is none, or if it may mean several in another way; a message has
 * been printed.
 */
bool whom_find(struct whom *whom, const char *text)
{
	struct wanted wanted;

	if (!strncmp(text, ID_WORD, strlen(ID_WORD)))
		return find_begun(whom, text, text + strlen(ID_WORD));
	if (!strncmp(text, NAME_WORD, strlen(NAME_WORD)))
		return find_named(whom, text + strlen(NAME_WORD));
	if (!wanted_parse(&wanted, text))
		return find_named(whom, text);
	if (wanted_is_whole(&wanted))
		return add(whom, text);
	return find_either(whom, text, &wanted);
}

/** whom_find_all - the same for several words, up to a NULL */
bool whom_find_all(struct whom *whom, char **words)
{
	for (; *words; words++) {
		if (!whom_find(whom, *words))
			return false;
	}
	return true;
}

/**
 * whom_wants - is a record of one of them?
 * @whom: they; each learns what is nested in it, though another has wanted the record
 * @record: the next record in the log
 */
bool whom_wants(struct whom *whom, const struct record *record)
{
	bool wants = false;

	for (size_t i = 0; i < whom->list.count; i++)
		wants |= wanted_has(&whom->list.items[i], record);
	return wants;
}

/**
 * whom_has_label - is this label of one of them?
 * @whom: as for whom_wants()
 * @label: the label; one of length 0 is of nothing
 */
bool whom_has_label(struct whom *whom, struct slice label)
{
	bool has = false;

	for (size_t i = 0; i < whom->list.count; i++)
		has |= wanted_has_label(&whom->list.items[i], label);
	return has;
}
