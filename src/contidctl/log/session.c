// SPDX-License-Identifier: GPL-2.0
/*
 * What enters a container has an op=adopt. If the stand-in for runc was called, a message
 * says what was asked for, too. It comes a moment later, and names the process; but what
 * enters is often another one, which the same runtime has made: it joins the namespaces,
 * makes the process, and ends.
 */
#include <stdlib.h>
#include <string.h>

#include "names.h"
#include "printable.h"
#include "session.h"
#include "words.h"

#define UUID	 (CONTID_TEXT - 1)
#define TEXT_MAX 4096

/* Records of several processors may change places. */
#define DISORDER 2000 /* milliseconds */

/* So long the stand-in waits for a number, and audit, as a rule, for room. */
#define DELAY 75000

#define BUCKETS 65536 /* a power of two */

/**
 * struct numbers - processes by their numbers, each chain in the order of the log
 * @by_pid: the first of each chain
 * @by_ppid: likewise, by the numbers of their parents
 */
struct numbers {
	struct member *by_pid[BUCKETS], *by_ppid[BUCKETS];
};

/**
 * sessions_begin - none so far
 * @sessions: out
 * @local_names: see parser_new()
 *
 * Return: false without memory.
 */
bool sessions_begin(struct sessions *sessions, bool local_names)
{
	*sessions = (struct sessions){};
	sessions->end = &sessions->first;
	return family_begin(&sessions->family, local_names);
}

/** sessions_free - forget all */
void sessions_free(struct sessions *sessions)
{
	struct session *session;

	while ((session = sessions->first)) {
		sessions->first = session->next;
		free(session->node);
		free(session->command);
		free(session->user);
		free(session);
	}
	family_free(&sessions->family);
}

/**
 * session_is_message - does a runtime say that something is executed, and is it believed?
 * @names: knows what encloses the container
 * @record: the record
 * @id: out: the container
 */
bool session_is_message(const struct names *names, const struct record *record,
			char id[CONTID_TEXT])
{
	struct slice op;

	return names_told(names, record, id) && record_field(record, "op", &op) &&
	       slice_is(op, "exec");
}

static uint64_t read_number(const struct record *record, const char *name)
{
	struct slice value;
	uint64_t number = 0;

	if (!record_field(record, name, &value) || value.len > 15)
		return 0;
	for (size_t i = 0; i < value.len; i++) {
		if (value.at[i] < '0' || value.at[i] > '9')
			return 0;
		number = number * 10 + value.at[i] - '0';
	}
	return number;
}

/* Return: allocated; NULL if there is none. */
static char *read_text(const struct record *record, const char *name)
{
	char text[TEXT_MAX];
	struct slice value;

	if (!record_field(record, name, &value) || !word_decode(value, text, sizeof(text)))
		return NULL;
	return printable(text);
}

/* The end of the message is libaudit's, with the quote that ends all of it. */
static bool has_failed(const struct record *record)
{
	struct slice res;

	return record_last_field(record, "res", &res) && res.len >= 6 &&
	       !memcmp(res.at, "failed", 6);
}

static struct session *session_new(struct sessions *sessions, struct slice node, const char *id)
{
	struct session *session = calloc(1, sizeof(*session));

	if (!session) {
		sessions->failed = true;
		return NULL;
	}
	*sessions->end = session;
	sessions->end = &session->next;
	session->node = strndup(node.at ?: "", node.len);
	memcpy(session->contid, id, UUID);
	if (!session->node)
		sessions->failed = true;
	return session;
}

/**
 * sessions_add_message - learn what a runtime says
 * @sessions: learns it
 * @record: see session_is_message()
 * @id: the container
 *
 * Return: false without memory.
 */
bool sessions_add_message(struct sessions *sessions, const struct record *record, const char *id)
{
	struct session *session = session_new(sessions, record->stamp.node, id);
	struct slice pty;

	if (!session)
		return false;
	session->asked = record->stamp.sec * 1000 + record->stamp.milli;
	session->failed = has_failed(record);
	session->terminal = record_field(record, "pty", &pty) && slice_is(pty, "yes");
	session->pid = read_number(record, "vm-pid");
	session->runtime = read_number(record, "runtime-pid");
	session->command = read_text(record, "cmd");
	session->length = read_number(record, "cmd-length");
	session->user = read_text(record, "request-user");
	return !sessions->failed;
}

/**
 * sessions_add - learn what an event says of processes
 * @sessions: learns it
 * @event: see family_add()
 * @subject: likewise
 * @object: likewise
 *
 * Return: false without memory.
 */
bool sessions_add(struct sessions *sessions, const struct event *event, struct slice subject,
		  struct slice object)
{
	return family_add(&sessions->family, event, subject, object);
}

static bool is_of(const struct session *session, const struct member *member)
{
	const struct home *home = member->home;

	return !memcmp(home->label, session->contid, UUID) && !strcmp(home->node, session->node);
}

static uint64_t began_at(const struct member *member)
{
	return member->since ?: member->first;
}

/* Had it begun when the message was sent, and not long before? */
static bool is_near(const struct session *session, const struct member *member)
{
	uint64_t began = began_at(member);

	return began <= session->asked + DISORDER && session->asked <= began + DELAY;
}

/* The last before the message, or else the first behind it: a number is used again. */
static bool is_nearer(const struct session *session, const struct member *member,
		      const struct member *than)
{
	uint64_t began, other;

	if (!than)
		return true;
	began = began_at(member);
	other = began_at(than);
	if (began <= session->asked)
		return other > session->asked || began >= other;
	return other > session->asked && began < other;
}

static bool is_of_runtime(const struct member *member, long long runtime)
{
	return runtime > 0 && member->ppid == runtime;
}

static bool has_executed(const struct member *member)
{
	for (size_t i = 0; i < member->program_count; i++) {
		if (member->programs[i].executed)
			return true;
	}
	return false;
}

/* What the runtime has made beside the one that entered, which executes nothing. */
static struct member *find_process(struct member *entry)
{
	if (has_executed(entry) || entry->ppid <= 0)
		return entry;
	for (struct member *member = entry->same_ppid; member; member = member->same_ppid) {
		if (!member->shown && member->home == entry->home && member->ppid == entry->ppid &&
		    member->how == MEMBER_INHERITED && member->first <= entry->since + DELAY)
			return member;
	}
	return entry;
}

/* The list is walked from its begin: what comes first has to go in last. */
static struct numbers *number(struct member *members)
{
	struct numbers *numbers = calloc(1, sizeof(*numbers));
	struct member *turned = NULL, *next;

	if (!numbers)
		return NULL;
	for (struct member *member = members; member; member = member->next) {
		member->same_pid = turned;
		turned = member;
	}
	for (struct member *member = turned; member; member = next) {
		struct member **pid = &numbers->by_pid[member->pid & (BUCKETS - 1)];
		struct member **ppid = &numbers->by_ppid[member->ppid & (BUCKETS - 1)];

		next = member->same_pid;
		member->same_pid = *pid;
		*pid = member;
		member->same_ppid = *ppid;
		*ppid = member;
	}
	return numbers;
}

/* What is shown belongs to another session already. */
static bool may_be_of(const struct session *session, const struct member *member)
{
	return !member->shown && is_of(session, member) && is_near(session, member);
}

static void take_entry(struct session *session, struct member *member)
{
	if (member->how == MEMBER_ENTERED && is_nearer(session, member, session->entry))
		session->entry = member;
}

static void join_message(const struct numbers *numbers, struct session *session)
{
	struct member *member;

	for (member = numbers->by_pid[session->pid & (BUCKETS - 1)]; member;
	     member = member->same_pid) {
		if (member->pid != session->pid || !may_be_of(session, member))
			continue;
		take_entry(session, member);
		if (member->how != MEMBER_UNSEEN && is_nearer(session, member, session->process))
			session->process = member;
	}
	for (member = numbers->by_ppid[session->runtime & (BUCKETS - 1)]; member;
	     member = member->same_ppid) {
		if (is_of_runtime(member, session->runtime) && may_be_of(session, member))
			take_entry(session, member);
	}
	/* what ends at once may be gone before its number is read */
	if (session->entry && !session->pid) {
		session->process = find_process(session->entry);
		session->pid = session->process->pid;
	}
	if (session->entry)
		session->entry->shown = true;
	if (session->process)
		session->process->shown = true;
}

static void add_entry(struct sessions *sessions, struct member *entry)
{
	const struct home *home = entry->home;
	struct slice node = { home->node, strlen(home->node) };
	struct session *session = session_new(sessions, node, home->label);

	if (!session)
		return;
	session->entry = entry;
	session->process = find_process(entry);
	session->pid = session->process->pid;
	session->runtime = entry->ppid > 0 ? entry->ppid : 0;
	entry->shown = session->process->shown = true;
}

static void set_times(struct session *session)
{
	const struct member *entry = session->entry, *process = session->process ?: entry;

	session->began = session->asked ?: UINT64_MAX;
	if (entry && began_at(entry) < session->began)
		session->began = began_at(entry);
	if (process && process->first < session->began)
		session->began = process->first;
	if (process)
		session->ended = process->ended ?: process->home->ended;
	if (session->failed)
		session->ended = session->asked;
}

static int by_begin(const void *a, const void *b)
{
	const struct session *x = *(const struct session *const *)a;
	const struct session *y = *(const struct session *const *)b;

	if (x->began != y->began)
		return x->began < y->began ? -1 : 1;
	return (x->pid > y->pid) - (x->pid < y->pid);
}

static bool sort(struct sessions *sessions)
{
	struct session **list, *session, **end = &sessions->first;
	size_t count = 0;

	for (session = sessions->first; session; session = session->next)
		count++;
	list = calloc(count + 1, sizeof(*list));
	if (!list)
		return false;
	count = 0;
	for (session = sessions->first; session; session = session->next)
		list[count++] = session;
	qsort(list, count, sizeof(*list), by_begin);
	for (size_t i = 0; i < count; i++, end = &(*end)->next)
		*end = list[i];
	*end = NULL;
	sessions->end = end;
	free(list);
	return true;
}

/**
 * sessions_end - put together what belongs together
 * @sessions: after the last event
 *
 * Return: false without memory.
 */
bool sessions_end(struct sessions *sessions)
{
	struct numbers *numbers = number(sessions->family.members);
	struct session *session;

	if (!numbers)
		return false;
	for (session = sessions->first; session; session = session->next)
		join_message(numbers, session);
	for (struct member *member = sessions->family.members; member; member = member->next) {
		if (member->how == MEMBER_ENTERED && !member->shown)
			add_entry(sessions, member);
	}
	free(numbers);
	for (session = sessions->first; session; session = session->next)
		set_times(session);
	return !sessions->failed && sort(sessions);
}
