// SPDX-License-Identifier: GPL-2.0
#include <inttypes.h>
#include <string.h>

#include "intake.h"
#include "label.h"
#include "message.h"
#include "moment.h"

static bool begins(const char *line, size_t len, const char *with)
{
	return len >= strlen(with) && !memcmp(line, with, strlen(with));
}

/* ausearch puts these between events. */
static bool is_between_events(const char *line, size_t len)
{
	if (len > 2 && !memcmp(line, "typ", 3)) /* nearly all */
		return false;
	return !len || (len == 1 && *line == '\r') || begins(line, len, "----") ||
	       begins(line, len, "time->");
}

/**
 * intake_take - look at the next line
 * @intake: counts it
 * @line: the line
 * @len: its length, without the newline
 * @record: out
 *
 * Return: false if it is no record of the time that is asked for.
 */
bool intake_take(struct intake *intake, const char *line, size_t len, struct record *record)
{
	uint64_t time;

	if (injected_has(&intake->injected, line, len))
		return false;
	if (is_between_events(line, len))
		return false;
	intake->lines++;
	if (!record_parse(record, line, len)) {
		intake->strange++;
		return false;
	}
	intake->records++;
	injected_expect(&intake->injected, record, (struct slice){ line, len });
	if (intake->node && !slice_is(record->stamp.node, intake->node))
		return false;
	if (intake->names)
		names_learn(intake->names, record);
	time = record->stamp.sec * 1000 + record->stamp.milli;
	if (!intake->first || time < intake->first)
		intake->first = time;
	if (time > intake->last)
		intake->last = time;
	if (time < intake->since || time > intake->until)
		return false;
	if (label_is_doubtful(record) && !intake->doubtful++)
		intake->first_doubtful = record->stamp;
	return true;
}

static const char *plural(uint64_t count, const char *one, const char *several)
{
	return count == 1 ? one : several;
}

/**
 * intake_nothing_found - say on stderr of which time there were records, and none wanted
 * @intake: after the last line
 */
void intake_nothing_found(const struct intake *intake)
{
	uint64_t from = intake->since > intake->first ? intake->since : intake->first;
	uint64_t to = intake->until < intake->last ? intake->until : intake->last;
	char first[MOMENT_TEXT], last[MOMENT_TEXT];

	if (!intake->records) {
		message("no such event: the log is empty");
		return;
	}
	if (!intake->first) {
		message("no such event: no record is of the node '%s'", intake->node);
		return;
	}
	moment_format(from <= to ? from : intake->first, first);
	moment_format(from <= to ? to : intake->last, last);
	if (from <= to)
		message("no such event: the log was searched from %s to %s", first, last);
	else
		message("no such event: nothing was searched, as the log goes from %s to %s", first,
			last);
}

/**
 * intake_report - say on stderr what was passed over
 * @intake: after the last line
 * @logs: where they came from
 *
 * Return: false if there were lines, and none is a record: it is no audit log.
 */
bool intake_report(const struct intake *intake, const struct logs *logs)
{
	const struct stamp *first = &intake->first_doubtful;
	uint64_t count = intake->doubtful;

	if (logs->long_lines)
		message("%" PRIu64 " %s longer than 1 MiB, which no audit record is, and %s passed "
			"over",
			logs->long_lines, plural(logs->long_lines, "line is", "lines are"),
			plural(logs->long_lines, "was", "were"));
	if (intake->injected.count)
		message("%" PRIu64 " %s of a socket's address, not of auditd, and %s passed over",
			intake->injected.count,
			plural(intake->injected.count, "line is", "lines are"),
			plural(intake->injected.count, "was", "were"));
	if (count)
		message("%" PRIu64 " %s of no container here, as control bytes in %s text could "
			"forge one: the first is audit(%" PRIu64 ".%03u:%" PRIu64 ")",
			count, plural(count, "record is", "records are"),
			plural(count, "its", "their"), first->sec, first->milli, first->serial);
	if (!intake->records && (intake->lines || logs->long_lines)) {
		message("this is no audit log: none of its lines is a record as auditd writes it; "
			"`zcat` decompresses one, `ausearch --raw` prints one");
		return false;
	}
	if (intake->strange)
		message("%" PRIu64 " %s, and %s passed over", intake->strange,
			plural(intake->strange, "line is no audit record",
			       "lines are no audit records"),
			plural(intake->strange, "was", "were"));
	return true;
}
