/* SPDX-License-Identifier: GPL-2.0 */
/* What standards ask of audit records, and what shows that it is so. */
#ifndef CONTIDCTL_CONTROLS_H
#define CONTIDCTL_CONTROLS_H

#include "evidence.h"

#define CONTROL_CHECKS 6
#define CONTROL_PROOFS 4

/**
 * struct control - a requirement
 * @id: as the standard numbers it
 * @words: what it asks for, in ours
 * @command: shows it to whoever wants to see it
 * @checks: these checks of the doctor's must be ok
 * @proofs: the log must have these; the first is the sample
 * @preset: these audit rules must be installed
 * @other: why it is nothing for container IDs; NULL if it is
 *
 * A table of them ends with one that has no @id.
 */
struct control {
	const char *id;
	const char *words;
	const char *command;
	const char *checks[CONTROL_CHECKS];
	enum proof proofs[CONTROL_PROOFS];
	const char *preset;
	const char *other;
};

/**
 * struct profile - a standard
 * @name: in a word
 * @title: its name
 * @controls: of it, those that are about audit records
 */
struct profile {
	const char *name;
	const char *title;
	const struct control *controls;
};

const struct profile *profile_called(const char *name);

#endif
