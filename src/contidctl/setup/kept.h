/* SPDX-License-Identifier: GPL-2.0 */
/* Files that contidctl setup has changed, and what was in them before. */
#ifndef SETUP_KEPT_H
#define SETUP_KEPT_H

#include <stdbool.h>

#include "below.h"

#define KEPT_DIRECTORY "/var/lib/audit-contid/setup"

/**
 * struct change - what is to be in a file
 * @path: of the file
 * @bytes: it
 * @without: take our part out of a file that has been changed since; NULL if the
 *	whole file is ours. Returns NULL, or why it cannot be taken out.
 * @between: what a running engine has to read, to forget our part, before it finds @to,
 *	which is given back; NULL if @to is enough. Returns false if it is for this @to.
 */
struct change {
	const char *path;
	struct bytes bytes;
	const char *(*without)(const struct bytes *from, struct bytes *to);
	bool (*between)(const struct bytes *to, struct bytes *between);
};

/**
 * enum undoing - what can be done about a file
 * @UNDO_NOTHING: no change of ours is in it
 * @UNDO_WHOLE: it can be given back
 * @UNDO_PART: it was changed since; our part can be taken out
 * @UNDO_GONE: somebody has removed it since
 * @UNDO_REFUSED: it was changed since, or cannot be read
 */
enum undoing { UNDO_NOTHING, UNDO_WHOLE, UNDO_PART, UNDO_GONE, UNDO_REFUSED };

const char *kept_put(const struct change *change);
enum undoing kept_look(const struct change *change, struct bytes *to, const char **wrong);
const char *kept_note(const struct change *change, const struct bytes *bytes);
const char *kept_undo(const struct change *change, enum undoing how, const struct bytes *to);
char *kept_before(const char *path);

#endif
