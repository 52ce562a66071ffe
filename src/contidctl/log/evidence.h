/* SPDX-License-Identifier: GPL-2.0 */
/* Records of containers in a log that show what an auditor asks for. */
#ifndef CONTIDCTL_EVIDENCE_H
#define CONTIDCTL_EVIDENCE_H

#include <stdint.h>

#include "filter.h"

/* what a record can show; NONE ends a list of them */
enum proof {
	PROOF_NONE,
	PROOF_CONTAINER, /* in which container it was */
	PROOF_EVERY, /* likewise, and none began without an ID */
	PROOF_USER, /* which user it was */
	PROOF_RESULT, /* how it ended */
	PROOF_SOURCE, /* which process and program it was */
	PROOF_NAME, /* what people call the container */
	PROOF_EXECUTION, /* a program was executed */
	PROOF_ARGUMENTS, /* with which arguments */
	PROOF_ROOT, /* a program was executed as root */
	PROOF_RIGHTS, /* access rights were changed */
	PROOF_DELETION, /* something was deleted */
	PROOF_REFUSAL, /* something was refused */
	PROOF_BEGIN, /* a container began */
	PROOF_END, /* a container ended */
	PROOFS
};

/**
 * struct evidence - what a log shows
 * @samples: the latest record of each kind, as it is in the log; NULL if there is none
 * @filters: which events can have one
 * @events: of containers, all
 * @unlabelled: containers that began without an ID
 * @failed: no memory
 */
struct evidence {
	char *samples[PROOFS];
	struct filter filters[PROOFS];
	uint64_t events, unlabelled;
	bool failed;
};

extern const char *const proof_words[PROOFS];

void evidence_begin(struct evidence *evidence);
bool evidence_wants(void *data, const struct record *record);
void evidence_take(void *data, const struct event *event);
void evidence_free(struct evidence *evidence);

#endif
