// SPDX-License-Identifier: GPL-2.0
/*
 * A record names a process by a number that another one may have had before. A log has
 * no more than that, so each record is looked at for a sign that it is another process:
 * its exit, its container or that one's end, its user, session or parent, its program if
 * those that it executes are on record. Rather two processes of one than one of two.
 */
#include <stdlib.h>
#include <string.h>

#include "contid.h"
#include "family.h"

#define UUID (CONTID_TEXT - 1)

/* Records of several processors may change places. */
#define DISORDER 2000 /* milliseconds */

/**
 * struct sight - what an event says of the process that caused it
 * @facts: all it says
 * @node: its machine
 * @when: its time
 * @serial: its number
 * @label: the process's container
 * @pid: the process
 * @ppid: its parent, -1 if it does not say
 * @auid: the user, likewise
 * @ses: the session, likewise
 * @exe: the program, NULL likewise
 * @syscall: the name of the system call, NULL likewise
 */
struct sight {
	struct facts facts;
	char *node;
	uint64_t when, serial;
	struct slice label;
	long long pid, ppid, auid, ses;
	const char *exe, *syscall;
};

static long long number_of(const struct facts *facts, const char *name)
{
	long long number;

	return facts_number(facts, NULL, name, &number) ? number : -1;
}

static bool has_type(const struct facts *facts, const char *type)
{
	for (size_t i = 0; i < facts->records; i++) {
		if (!strcmp(facts->types[i], type))
			return true;
	}
	return false;
}

static bool is_execve(const struct sight *sight)
{
	const char *success = facts_text(&sight->facts, "SYSCALL", "success");

	return sight->syscall && success && !strcmp(success, "yes") &&
	       (!strcmp(sight->syscall, "execve") || !strcmp(sight->syscall, "execveat"));
}

static bool is_exit(const struct sight *sight)
{
	return sight->syscall && !strcmp(sight->syscall, "exit_group");
}

static const struct program *last_program(const struct member *member)
{
	return member->program_count ? &member->programs[member->program_count - 1] : NULL;
}

/* It may have lost its parent, and then has one of those before it, or one outside. */
static bool may_have_parent(const struct family *family, const struct member *member,
			    const struct sight *sight)
{
	const struct member *parent;

	if (sight->ppid < 0 || member->ppid < 0 || sight->ppid == member->ppid)
		return true;
	parent = family_find(family, sight->node, sight->ppid);
	if (!parent || parent->home->over || parent->end != MEMBER_LIVES)
		return true;
	return parent->how == MEMBER_REGISTERED || family_descends(member->parent, parent, false);
}

static bool has_other_program(const struct member *member, const struct sight *sight)
{
	const struct program *program = last_program(member);

	return program && program->executed && program->exe && sight->exe && !is_execve(sight) &&
	       strcmp(program->exe, sight->exe);
}

/* May a record still come of a life of a container? */
static bool is_past(const struct home *home, const struct home *now, uint64_t when)
{
	if (!home->over)
		return false;
	return !home->ended || when > home->ended + DISORDER ||
	       (now != home && now->began && when >= now->began);
}

static bool is_after_end(const struct member *member, const struct home *now,
			 const struct sight *sight)
{
	/* no process is born in a container that has ended: those records are late */
	if (member->home->over)
		return is_past(member->home, now, sight->when);
	return member->end != MEMBER_LIVES &&
	       (sight->when > member->ended ||
		(sight->when == member->ended && sight->serial >= member->end_serial));
}

static bool is_same(const struct family *family, const struct member *member,
		    const struct home *now, const struct sight *sight)
{
	bool logs_in = has_type(&sight->facts, "LOGIN");

	if (is_after_end(member, now, sight) || memcmp(member->home->label, sight->label.at, UUID))
		return false;
	if (!logs_in && ((sight->auid >= 0 && member->auid >= 0 && sight->auid != member->auid) ||
			 (sight->ses >= 0 && member->ses >= 0 && sight->ses != member->ses)))
		return false;
	return may_have_parent(family, member, sight) && !has_other_program(member, sight);
}

/* The process that a number stood for at that time, or one of which nothing else is known. */
static struct member *find_parent(struct family *family, struct home *home,
				  const struct sight *sight)
{
	struct member *parent = family_find(family, sight->node, sight->ppid);

	if (sight->ppid <= 1 || sight->ppid == home->outside)
		return NULL;
	if (parent && parent->end != MEMBER_LIVES && sight->when > parent->ended + DISORDER)
		parent = NULL;
	if (parent && parent->home->over && parent->home != home)
		parent = NULL;
	if (parent)
		return parent;
	parent = family_new(family, home, sight->ppid, sight->when);
	if (parent)
		parent->how = MEMBER_UNSEEN;
	return parent;
}

static bool replace(char **text, const char *by)
{
	char *copy = by ? strdup(by) : NULL;

	if (!copy)
		return !by;
	free(*text);
	*text = copy;
	return true;
}

static bool set_user(struct member *member, const struct sight *sight)
{
	const struct fact *auid = facts_find(&sight->facts, NULL, "auid");

	if (sight->auid >= 0)
		member->auid = sight->auid;
	if (sight->ses >= 0)
		member->ses = sight->ses;
	return replace(&member->auid_name, fact_meaning(auid));
}

static bool learn_program(struct member *member, const struct sight *sight)
{
	const struct program *last = last_program(member);
	bool executed = is_execve(sight);

	if (!sight->exe || (!executed && last && last->exe && !strcmp(last->exe, sight->exe)))
		return true;
	return member_add_program(member, sight->when, sight->exe,
				  executed ? facts_arguments(&sight->facts) : NULL, executed);
}

static void learn_end(struct member *member, const struct sight *sight)
{
	const struct fact *code = facts_find(&sight->facts, "SYSCALL", "a0");
	long long sig = -1;

	if (is_exit(sight)) {
		member->end = MEMBER_EXITED;
		member->code = code ? (long long)(strtoull(code->raw, NULL, 16) & 0xff) : -1;
	} else if (facts_number(&sight->facts, "ANOM_ABEND", "sig", &sig)) {
		member->end = MEMBER_KILLED;
		member->code = sig;
	} else {
		return;
	}
	member->ended = sight->when;
	member->end_serial = sight->serial;
}

static void learn(struct family *family, struct member *member, const struct sight *sight)
{
	if (member->latest < sight->when)
		member->latest = sight->when;
	if (member->first > sight->when)
		member->first = sight->when;
	if (sight->ppid >= 0)
		member->ppid = sight->ppid;
	/* the first process's parent is a runtime's */
	if (member->how == MEMBER_REGISTERED && !member->parent && sight->ppid > 0 &&
	    !member->home->outside)
		member->home->outside = sight->ppid;
	if (!set_user(member, sight) || !learn_program(member, sight) ||
	    !replace(&member->comm, facts_text(&sight->facts, NULL, "comm")))
		family->failed = true;
	if (member->end == MEMBER_LIVES)
		learn_end(member, sight);
}

/* Of a process of which so far only the number was known */
static bool may_be_unseen(const struct family *family, const struct member *member,
			  const struct home *now, const struct sight *sight)
{
	const struct member *parent = family_find(family, sight->node, sight->ppid);

	if (is_after_end(member, now, sight))
		return false;
	return !parent || !family_descends(parent, member, true);
}

static void see(struct family *family, const struct sight *sight)
{
	struct member *member = family_find(family, sight->node, sight->pid), *parent;
	struct home *home = family_home(family, sight->node, sight->label, sight->when);
	bool was_unseen = member && member->how == MEMBER_UNSEEN;

	if (!home)
		return;
	if (is_past(home, home, sight->when))
		home = family_move_in(family, sight->node, sight->label, sight->when);
	if (home && member &&
	    !(was_unseen ? may_be_unseen(family, member, home, sight) :
			   is_same(family, member, home, sight)))
		member = NULL;
	if (!member || was_unseen) {
		member = member ?: family_new(family, home, sight->pid, sight->when);
		if (!member)
			return;
		member->how = MEMBER_INHERITED;
		member->home = home;
		parent = find_parent(family, home, sight);
		if (parent && parent != member)
			family_adopt(parent, member);
	}
	learn(family, member, sight);
}

static struct home *begin_home(struct family *family, const struct sight *sight,
			       struct slice object)
{
	struct home *home = family_home(family, sight->node, object, sight->when);

	/* a record of its first process may come before that of its registration */
	if (home && (home->over || home->began || home->first + DISORDER < sight->when))
		home = family_move_in(family, sight->node, object, sight->when);
	if (home)
		home->began = sight->when;
	return home;
}

static void come_in(struct family *family, const struct sight *sight, struct home *home,
		    long long pid, enum member_how how)
{
	const char *old = facts_text(&sight->facts, "KERNEL_OTHER", "old-ocontid");
	struct member *member = family_find(family, sight->node, pid);
	bool was_in = old && member && strcmp(old, "-1") && !member->home->over &&
		      member->end == MEMBER_LIVES && !strncmp(member->home->label, old, UUID);
	struct member *parent;

	if (!home)
		return;
	if (!was_in)
		member = family_new(family, home, pid, sight->when);
	if (!member)
		return;
	member->home = home;
	member->how = how;
	member->since = sight->when;
	if (member->latest < sight->when)
		member->latest = sight->when;
	if (how == MEMBER_ENTERED)
		return;
	member->by_pid = sight->pid;
	/* from inside of another container: there the runtime is, if it is on record */
	parent = old && strcmp(old, "-1") && !was_in ?
			 family_find(family, sight->node, sight->pid) :
			 NULL;
	if (parent && parent != member && parent->end == MEMBER_LIVES && !parent->home->over)
		family_adopt(parent, member);
	if (!set_user(member, sight) ||
	    !replace(&member->by_comm, facts_text(&sight->facts, "KERNEL_OTHER", "comm")))
		family->failed = true;
}

static void end_member(struct member *member, const struct sight *sight, enum member_end how)
{
	if (!member || member->end != MEMBER_LIVES)
		return;
	member->end = how;
	member->code = -1;
	member->ended = sight->when;
	member->end_serial = sight->serial;
}

/* The last: before it stands a security context, which may have blanks, and be chosen. */
static const struct fact *result_of(const struct facts *facts)
{
	const struct fact *res = NULL;

	for (size_t i = 0; i < facts->count; i++) {
		const struct fact *fact = &facts->items[i];

		if (!strcmp(fact->type, "KERNEL_OTHER") && !strcmp(fact->name, "res"))
			res = fact;
	}
	return res;
}

/* Is it an operation of the module's upon these containers, and was it not refused? */
static bool was_done(const struct sight *sight, struct slice object, long long *target)
{
	const struct fact *res = result_of(&sight->facts);
	const char *op = facts_text(&sight->facts, "KERNEL_OTHER", "op");

	return object.len && res && !strcmp(res->raw, "1") && op &&
	       facts_number(&sight->facts, "KERNEL_OTHER", "opid", target) && *target > 0;
}

/* Then it says nothing of the process but that. */
static bool ends(const struct sight *sight)
{
	const char *op = facts_text(&sight->facts, "KERNEL_OTHER", "op");

	return !strcmp(op, "leave") || !strcmp(op, "drop") || !strcmp(op, "release");
}

static void operate(struct family *family, const struct sight *sight, struct slice object,
		    long long pid)
{
	const char *op = facts_text(&sight->facts, "KERNEL_OTHER", "op");
	struct member *member;
	struct home *home;

	if (!strcmp(op, "register")) {
		home = begin_home(family, sight, object);
		come_in(family, sight, home, pid, MEMBER_REGISTERED);
	} else if (!strcmp(op, "join") || !strcmp(op, "adopt")) {
		home = family_home(family, sight->node, object, sight->when);
		come_in(family, sight, home, pid, *op == 'j' ? MEMBER_JOINED : MEMBER_ENTERED);
	} else if (!strcmp(op, "leave")) {
		end_member(family_find(family, sight->node, pid), sight, MEMBER_LEFT);
	} else if (!strcmp(op, "drop") || !strcmp(op, "release")) {
		home = family_home(family, sight->node, object, sight->when);
		member = *op == 'd' ? family_find(family, sight->node, pid) : NULL;
		if (member && member->home == home)
			end_member(member, sight, MEMBER_EXITED);
		if (home) {
			home->over = true;
			home->ended = sight->when;
		}
	}
}

/**
 * family_add - learn what an event says of processes
 * @family: learns it
 * @event: the next event, in the order of the log
 * @subject: the container of the process that caused it, of length 0 if that is not asked for
 * @object: likewise that of the process it was done to
 *
 * Return: false without memory.
 */
bool family_add(struct family *family, const struct event *event, struct slice subject,
		struct slice object)
{
	const struct stamp *stamp = &event->stamp;
	struct sight sight = {
		.node = strndup(stamp->node.at, stamp->node.len),
		.when = stamp->sec * 1000 + stamp->milli,
		.serial = stamp->serial,
		.label = subject,
	};
	long long target;

	if (!facts_read(&sight.facts, family->parser, event) || !sight.node)
		family->failed = true;
	sight.pid = number_of(&sight.facts, "pid");
	sight.ppid = number_of(&sight.facts, "ppid");
	sight.auid = number_of(&sight.facts, "auid");
	sight.ses = number_of(&sight.facts, "ses");
	sight.exe = facts_text(&sight.facts, NULL, "exe");
	sight.syscall = facts_text(&sight.facts, "SYSCALL", "syscall");
	if (!was_done(&sight, object, &target))
		target = -1;
	if (!family->failed && subject.len && sight.pid > 0 && sight.pid != target)
		see(family, &sight);
	if (!family->failed && target > 0)
		operate(family, &sight, object, target);
	if (!family->failed && subject.len && target > 0 && sight.pid == target && !ends(&sight))
		see(family, &sight);
	facts_free(&sight.facts);
	free(sight.node);
	return !family->failed;
}
