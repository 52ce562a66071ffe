/* SPDX-License-Identifier: GPL-2.0 */
/* How it ended that a record or an event tells of. */
#ifndef CONTIDCTL_OUTCOME_H
#define CONTIDCTL_OUTCOME_H

#include "assembly.h"

enum outcome { OUTCOME_NONE, OUTCOME_SUCCESS, OUTCOME_FAILURE };

enum outcome event_outcome(const struct event *event);
enum outcome record_outcome(const struct record *record);

#endif
