/* SPDX-License-Identifier: GPL-2.0 */
/* A session as an object, as src/man/audit_contid_json.5 describes it. */
#ifndef CONTIDCTL_SESSION_JSON_H
#define CONTIDCTL_SESSION_JSON_H

#include "label_json.h"
#include "session.h"

const char *session_end(const struct session *session);
struct json_object *session_json(const struct session *session, struct names *names);

#endif
