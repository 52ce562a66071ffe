/* SPDX-License-Identifier: GPL-2.0 */
/* Which container a record is of: the reader's rule. */
#ifndef CONTIDCTL_LABEL_H
#define CONTIDCTL_LABEL_H

#include "contid.h"
#include "record.h"

bool label_subject(const struct record *record, struct slice *label);
bool label_object(const struct record *record, struct slice *label);
bool label_net(const struct record *record, struct slice *list);
bool label_next(struct slice *list, struct slice *label);
bool label_is_there(const struct record *record);
bool label_is_doubtful(const struct record *record);
bool label_old_object(const struct record *record, struct slice *label);

#endif
