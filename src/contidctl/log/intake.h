/* SPDX-License-Identifier: GPL-2.0 */
/* Which lines of a log are records, and what is to be said of the others. */
#ifndef CONTIDCTL_INTAKE_H
#define CONTIDCTL_INTAKE_H

#include "injected.h"
#include "logs.h"
#include "names.h"
#include "record.h"

/**
 * struct intake - lines of one log or of several
 * @since: milliseconds since 1970: earlier records are left out
 * @until: likewise for later ones
 * @node: the machine whose records are read alone; NULL if it is each
 * @first: the time of the earliest record, 0 if there is none
 * @last: that of the latest
 * @lines: that could be records
 * @strange: of these, those that are none
 * @records: of these, those that are one, whatever their time
 * @doubtful: records that may be of a container, while their bytes do not prove of which
 * @first_doubtful: the first of them
 * @names: learns what containers are called, also before @since; or NULL
 * @injected: knows the lines that a socket's address has put into the log
 */
struct intake {
	uint64_t since, until;
	const char *node;
	uint64_t first, last;
	uint64_t lines, strange, records, doubtful;
	struct stamp first_doubtful;
	struct names *names;
	struct injected injected;
};

bool intake_take(struct intake *intake, const char *line, size_t len, struct record *record);
void intake_nothing_found(const struct intake *intake);
bool intake_report(const struct intake *intake, const struct logs *logs);

#endif
