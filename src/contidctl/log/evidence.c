// SPDX-License-Identifier: GPL-2.0
#include <libaudit.h>
#include <stdlib.h>
#include <string.h>

#include "evidence.h"
#include "label.h"
#include "unlabelled.h"
#include "words.h"

#define CALLS 24
#define UNSET "4294967295" /* the auid of what a daemon has started */

const char *const proof_words[PROOFS] = {
	[PROOF_CONTAINER] = "a container",
	[PROOF_EVERY] = "a container",
	[PROOF_USER] = "a user of a container",
	[PROOF_RESULT] = "how something ended in a container",
	[PROOF_SOURCE] = "a process and its program in a container",
	[PROOF_NAME] = "a container's name",
	[PROOF_EXECUTION] = "a program that a container executed",
	[PROOF_ARGUMENTS] = "the arguments of a program in a container",
	[PROOF_ROOT] = "a program that a container executed as root",
	[PROOF_RIGHTS] = "access rights that a container changed",
	[PROOF_DELETION] = "something that a container deleted",
	[PROOF_REFUSAL] = "something that a container was refused",
	[PROOF_BEGIN] = "the begin of a container",
	[PROOF_END] = "the end of a container",
};

/**
 * struct kind - which record shows it
 * @calls: of these system calls
 * @outcome: that ended so
 * @user: of this user
 * @type: the event's record of this type, instead of that which names the container
 * @op: of this operation of the module's
 * @field: it has this field
 */
static const struct kind {
	const char *calls[CALLS];
	const char *outcome;
	const char *user;
	int type;
	const char *op;
	const char *field;
} kinds[PROOFS] = {
	[PROOF_USER] = { .field = "auid" },
	[PROOF_RESULT] = { .field = "success" },
	[PROOF_SOURCE] = { .field = "exe" },
	[PROOF_NAME] = { .op = "register", .field = "vm" },
	[PROOF_EXECUTION] = { .calls = { "execve", "execveat" } },
	[PROOF_ARGUMENTS] = { .type = AUDIT_EXECVE },
	[PROOF_ROOT] = { .calls = { "execve", "execveat" }, .user = "0" },
	[PROOF_RIGHTS] = { .calls = { "chmod", "fchmod", "fchmodat", "chown", "fchown", "lchown",
				      "fchownat", "setxattr", "lsetxattr", "fsetxattr",
				      "removexattr", "lremovexattr", "fremovexattr" } },
	[PROOF_DELETION] = { .calls = { "unlink", "unlinkat", "rmdir", "rename", "renameat",
					"renameat2" },
			     .outcome = "yes" },
	[PROOF_REFUSAL] = { .calls = { "open", "openat", "openat2", "creat", "truncate",
				       "ftruncate", "open_by_handle_at" },
			    .outcome = "no" },
	[PROOF_BEGIN] = { .op = "register" },
	[PROOF_END] = { .op = "drop" },
};

/** evidence_begin - there is nothing yet */
void evidence_begin(struct evidence *evidence)
{
	*evidence = (struct evidence){};
	for (int proof = 0; proof < PROOFS; proof++) {
		struct filter *filter = &evidence->filters[proof];

		for (int i = 0; i < CALLS && kinds[proof].calls[i]; i++)
			filter_add(filter, FILTER_SYSCALL, kinds[proof].calls[i]);
		if (kinds[proof].user)
			filter_add(filter, FILTER_USER, kinds[proof].user);
		if (kinds[proof].outcome)
			filter_outcome_parse(filter, kinds[proof].outcome);
	}
}

/** evidence_wants - is the record of a container, or of the want of an ID? */
bool evidence_wants(void *data, const struct record *record)
{
	(void)data;
	return label_is_there(record) || unlabelled_is(record);
}

static bool is_of_kind(const struct kind *kind, const struct record *record)
{
	struct slice label, value;

	if (kind->type)
		return record->type == kind->type;
	if (kind->op)
		return label_object(record, &label) && record->type == AUDIT_KERNEL_OTHER &&
		       record_field(record, "op", &value) && slice_is(value, kind->op) &&
		       words_last(record, "res", &value) && slice_is(value, "1") &&
		       (!kind->field || record_field(record, kind->field, &value));
	if (kind->calls[0] && record->type != AUDIT_SYSCALL)
		return false;
	return label_subject(record, &label) &&
	       (!kind->field ||
		(record_field(record, kind->field, &value) && !slice_is(value, UNSET)));
}

/* Without what auditd has put behind it. */
static void keep(struct evidence *evidence, int proof, const struct record *record)
{
	const char *end = record->text.at + record->text.len;

	free(evidence->samples[proof]);
	evidence->samples[proof] = strndup(record->line.at, end - record->line.at);
	evidence->failed |= !evidence->samples[proof];
}

/** evidence_take - look at an event that evidence_wants() */
void evidence_take(void *data, const struct event *event)
{
	struct evidence *evidence = data;
	struct record record;
	bool of_container = false;
	size_t at = 0;

	while (event_next(event, &at, &record)) {
		of_container |= label_is_there(&record);
		evidence->unlabelled += unlabelled_is(&record);
	}
	evidence->events += of_container;
	for (int proof = PROOF_NONE + 1; of_container && proof < PROOFS; proof++) {
		if (!filter_takes(&evidence->filters[proof], event))
			continue;
		at = 0;
		while (event_next(event, &at, &record)) {
			if (!is_of_kind(&kinds[proof], &record))
				continue;
			keep(evidence, proof, &record);
			break;
		}
	}
}

/** evidence_free - free the samples */
void evidence_free(struct evidence *evidence)
{
	for (int proof = 0; proof < PROOFS; proof++)
		free(evidence->samples[proof]);
}
