/* SPDX-License-Identifier: GPL-2.0 */
/* The processes of containers, as far as a log tells of them, and which one bore which. */
#ifndef CONTIDCTL_FAMILY_H
#define CONTIDCTL_FAMILY_H

#include <json-c/json.h>

#include "facts.h"
#include "names.h"

/* how a process came into its container */
enum member_how {
	MEMBER_UNSEEN, /* the log only says that it is a parent */
	MEMBER_INHERITED,
	MEMBER_REGISTERED,
	MEMBER_JOINED,
	MEMBER_ENTERED,
};

/* and how it went */
enum member_end {
	MEMBER_LIVES, /* as far as is known */
	MEMBER_EXITED,
	MEMBER_KILLED,
	MEMBER_LEFT,
};

/**
 * struct home - a container from its registration to its end
 * @next: of all
 * @node: its machine, "" if the log names none
 * @label: its ID and those that enclose it, as the records have it
 * @name: after family_show(): what it was called, NULL if that is not known
 * @image: likewise: what it was made of
 * @outside: the parent of its first process, 0 if that is not known
 * @first: the time of the first record that names it
 * @began: when it was registered, 0 if that is not known
 * @ended: when its last process has exited, 0 if that is not known
 * @over: it has ended, or was registered anew
 * @root: after family_show(): its first process to be printed that has no parent; the others
 *	are siblings
 * @last_root: the last
 */
struct home {
	struct home *next;
	char *node;
	char *label;
	const char *name;
	struct image image;
	long long outside;
	uint64_t first, began, ended;
	bool over;
	struct member *root, *last_root;
};

/**
 * struct program - what a process has executed
 * @when: the time of the record that says so
 * @executed: that record is of the execve itself
 * @exe: the program; NULL if it is not known
 * @arguments: NULL if they are not known
 */
struct program {
	uint64_t when;
	bool executed;
	char *exe;
	struct json_object *arguments;
};

/**
 * struct member - a process
 * @next: of all, in the order in which the log tells of them
 * @parent: NULL if it came from outside, or if the log does not say
 * @child: the first that it bore
 * @last: the last
 * @sibling: the next child of its parent
 * @home: its container
 * @pid: its number on the host
 * @ppid: its parent's, -1 if that is not known
 * @first: the time of its first record
 * @latest: that of the last
 * @how: how it came in
 * @since: when, if a record says so
 * @by_pid: who has registered it, 0 if a record does not say so
 * @by_comm: likewise
 * @auid: the user who had logged in, -1 if that is not known
 * @auid_name: the name, if the log has it
 * @ses: the session, -1 if that is not known
 * @comm: its name
 * @programs: what it has executed
 * @program_count: how many
 * @end: how it went
 * @code: the exit code, or the signal
 * @ended: when
 * @end_serial: of the event that says so
 * @shown: it, or what it bore, is asked for
 * @same_pid: in sessions_end(): the next one whose number may be the same
 * @same_ppid: likewise of its parent's number
 */
struct member {
	struct member *next;
	struct member *parent, *child, *last, *sibling;
	struct home *home;
	long long pid, ppid;
	uint64_t first, latest;
	enum member_how how;
	uint64_t since;
	long long by_pid;
	char *by_comm;
	long long auid;
	char *auid_name;
	long long ses;
	char *comm;
	struct program *programs;
	size_t program_count;
	enum member_end end;
	long long code;
	uint64_t ended, end_serial;
	bool shown;
	struct member *same_pid, *same_ppid;
};

/**
 * struct family - all of them
 * @members: the first
 * @members_end: where the next one goes
 * @homes: the containers, likewise
 * @homes_end: where the next one goes
 * @by_pid: for tsearch(3): who has a number now
 * @by_id: likewise: which home has an ID now
 * @parser: takes events apart
 * @failed: no memory
 */
struct family {
	struct member *members, **members_end;
	struct home *homes, **homes_end;
	void *by_pid, *by_id;
	struct parser *parser;
	bool failed;
};

bool family_begin(struct family *family, bool local_names);
bool family_add(struct family *family, const struct event *event, struct slice subject,
		struct slice object);
void family_show(struct family *family, struct names *names, uint64_t since, uint64_t until);
void family_free(struct family *family);

struct member *family_find(const struct family *family, const char *node, long long pid);
struct member *family_new(struct family *family, struct home *home, long long pid, uint64_t when);
struct home *family_home(struct family *family, const char *node, struct slice label,
			 uint64_t when);
struct home *family_move_in(struct family *family, const char *node, struct slice label,
			    uint64_t when);
void family_adopt(struct member *parent, struct member *child);
bool family_descends(const struct member *member, const struct member *from, bool far);
bool member_add_program(struct member *member, uint64_t when, const char *exe,
			struct json_object *arguments, bool executed);

#endif
