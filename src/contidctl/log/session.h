/* SPDX-License-Identifier: GPL-2.0 */
/* What came into containers from outside, by exec or nsenter: each from its begin to its end. */
#ifndef CONTIDCTL_SESSION_H
#define CONTIDCTL_SESSION_H

#include "contid.h"
#include "family.h"

/**
 * struct session - one of them
 * @next: of all
 * @node: its machine, "" if the log names none
 * @contid: its container
 * @asked: the time of a runtime's message that something is executed; 0 if there is none
 * @failed: the message says that nothing was
 * @terminal: the message says that it has one
 * @pid: of what is executed, 0 if that is not known
 * @runtime: of the runtime, 0 likewise
 * @command: by the message, as it may be printed; NULL if that does not say
 * @length: of all of it, if @command is a part; else 0
 * @user: of the request, by the message, as it may be printed; NULL likewise
 * @entry: the process that entered, NULL if the log has none
 * @process: what was executed, NULL likewise; it may be @entry
 * @began: milliseconds since 1970
 * @ended: likewise; 0 if that is not known
 */
struct session {
	struct session *next;
	char *node;
	char contid[CONTID_TEXT];
	uint64_t asked;
	bool failed, terminal;
	long long pid, runtime;
	char *command;
	uint64_t length;
	char *user;
	struct member *entry, *process;
	uint64_t began, ended;
};

/**
 * struct sessions - all of them
 * @first: after sessions_end(): the first, by their begin
 * @end: where the next one goes
 * @family: the containers' processes
 * @failed: no memory
 */
struct sessions {
	struct session *first, **end;
	struct family family;
	bool failed;
};

bool sessions_begin(struct sessions *sessions, bool local_names);
bool session_is_message(const struct names *names, const struct record *record,
			char id[CONTID_TEXT]);
bool sessions_add_message(struct sessions *sessions, const struct record *record, const char *id);
bool sessions_add(struct sessions *sessions, const struct event *event, struct slice subject,
		  struct slice object);
bool sessions_end(struct sessions *sessions);
void sessions_free(struct sessions *sessions);

#endif
