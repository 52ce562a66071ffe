/* SPDX-License-Identifier: GPL-2.0 */
/* Docker's /etc/docker/daemon.json. */
#ifndef SETUP_DAEMON_JSON_H
#define SETUP_DAEMON_JSON_H

#include "below.h"

#define RUNTIME_KEY "audit-contid"

/**
 * enum daemon_json - what was made of it
 * @JSON_DONE: the text with our part, which may be there already
 * @JSON_BAD: it is not the JSON that Docker reads
 * @JSON_TAKEN: the site has chosen a default runtime itself
 * @JSON_NAMED: the site has another runtime by the name of ours
 */
enum daemon_json { JSON_DONE, JSON_BAD, JSON_TAKEN, JSON_NAMED };

enum daemon_json daemon_json_with(const struct bytes *from, struct bytes *to, char **word);
bool daemon_json_between(const struct bytes *to, struct bytes *between);
const char *daemon_json_without(const struct bytes *from, struct bytes *to);

#endif
