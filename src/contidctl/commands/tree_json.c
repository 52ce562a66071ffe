// SPDX-License-Identifier: GPL-2.0
/*
 * A list, and not objects in objects: programs that read JSON refuse what is nested too
 * deeply, and whoever forks may nest as deeply as he likes.
 */
#include <string.h>

#include "json.h"
#include "label_json.h"
#include "moment_json.h"
#include "tree_json.h"

/** tree_how - how a process came in, in a word */
const char *tree_how(const struct member *member)
{
	static const char *const words[] = {
		[MEMBER_UNSEEN] = "unseen",	    [MEMBER_INHERITED] = "inherited",
		[MEMBER_REGISTERED] = "registered", [MEMBER_JOINED] = "joined",
		[MEMBER_ENTERED] = "entered",
	};

	return words[member->how];
}

/** tree_end - how it went, in a word; NULL if the log does not say that it did */
const char *tree_end(const struct member *member)
{
	static const char *const words[] = {
		[MEMBER_EXITED] = "exited",
		[MEMBER_KILLED] = "killed",
		[MEMBER_LEFT] = "left",
	};

	if (member->end != MEMBER_LIVES)
		return words[member->end];
	return member->home->over ? "gone" : NULL;
}

static struct json_object *program_json(const struct program *program)
{
	struct json_object *out = json_object_new_object();

	json_add_moment(out, "time", "milliseconds", program->when);
	json_add_text(out, "exe", program->exe);
	json_add(out, "args", json_object_get(program->arguments));
	json_add(out, "executed", json_object_new_boolean(program->executed));
	return out;
}

static void add_programs(struct json_object *to, const struct member *member)
{
	const struct program *last =
		member->program_count ? &member->programs[member->program_count - 1] : NULL;
	struct json_object *list = json_object_new_array();

	json_add_text(to, "exe", last ? last->exe : NULL);
	json_add(to, "args", last ? json_object_get(last->arguments) : NULL);
	for (size_t i = 0; i < member->program_count; i++)
		json_object_array_add(list, program_json(&member->programs[i]));
	json_add(to, "programs", list);
}

static void add_home(struct json_object *to, const struct home *home)
{
	struct slice label = { home->label, strlen(home->label) };
	struct label_name name;

	label_name_split(home->name, home->image, &name);
	json_add_text(to, "node", home->node);
	json_add_text(to, "contid", home->label);
	json_add(to, "ancestors", label_ancestors(label));
	json_add(to, "container", label_json(label, &name));
	label_name_free(&name);
}

static void add_end(struct json_object *to, const struct member *member)
{
	json_add_text(to, "end", tree_end(member));
	json_add_moment(to, "ended", "ended_milliseconds", member->ended);
	json_add_known(to, "exit_code", member->end == MEMBER_EXITED && member->code >= 0,
		       member->code);
	json_add_known(to, "signal", member->end == MEMBER_KILLED, member->code);
}

/**
 * tree_json - a process as an object
 * @member: the process
 * @id: its place in the list
 * @parent: that of its parent, NULL if it has none
 * @depth: how many are above it
 */
struct json_object *tree_json(const struct member *member, size_t id, const size_t *parent,
			      size_t depth)
{
	struct json_object *out = json_object_new_object(), *by = NULL;

	json_add_number(out, "id", id);
	json_add(out, "parent", parent ? json_object_new_uint64(*parent) : NULL);
	json_add_number(out, "depth", depth);
	json_add(out, "pid", json_object_new_int64(member->pid));
	json_add_known(out, "ppid", member->ppid >= 0, member->ppid);
	add_home(out, member->home);
	json_add_text(out, "how", tree_how(member));
	json_add_moment(out, "since", "since_milliseconds", member->since);
	if (member->by_pid) {
		by = json_object_new_object();
		json_add(by, "pid", json_object_new_int64(member->by_pid));
		json_add_text(by, "comm", member->by_comm);
	}
	json_add(out, "registered_by", by);
	json_add_moment(out, "first", "first_milliseconds", member->first);
	json_add_moment(out, "latest", "latest_milliseconds", member->latest);
	json_add_known(out, "auid", member->auid >= 0, member->auid);
	json_add_text(out, "auid_name", member->auid_name);
	json_add_text(out, "comm", member->comm);
	add_programs(out, member);
	add_end(out, member);
	return out;
}
