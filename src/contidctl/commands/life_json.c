// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "label_json.h"
#include "life_json.h"
#include "moment_json.h"

static struct json_object *registered_by(const struct life *life)
{
	struct json_object *out = json_object_new_object();

	json_add_text(out, "auid", life->auid);
	json_add(out, "auid_number",
		 life->auid_number >= 0 ? json_object_new_int64(life->auid_number) : NULL);
	json_add(out, "pid", life->pid ? json_object_new_int(atoi(life->pid)) : NULL);
	json_add_text(out, "comm", life->comm);
	json_add_text(out, "exe", life->exe);
	return out;
}

static void add_container(struct json_object *to, const struct life *life, struct names *names)
{
	struct slice id = { life->contid, strlen(life->contid) };
	struct slice node = { life->node, strlen(life->node) };
	struct label_name name;

	label_name_find(names, node, id, life->began ?: life->first, &name);
	json_add(to, "container", label_json(id, &name));
	json_add_text(to, "name", name.whole);
	label_name_free(&name);
}

/**
 * life_json - a container's life as an object
 * @life: it
 * @names: what the containers are called
 * @lost: how many records it has lost; NULL if it does not live, or nobody knows
 */
struct json_object *life_json(const struct life *life, struct names *names, const uint64_t *lost)
{
	struct json_object *out = json_object_new_object();
	struct json_object *types = json_object_new_object();
	struct slice label = { life->label, life->label ? strlen(life->label) : 0 };

	json_add(out, "contid", json_object_new_string(life->contid));
	json_add(out, "ancestors", label_ancestors(label));
	add_container(out, life, names);
	json_add_text(out, "node", life->node);
	json_add_text(out, "parent", life->parent);
	json_add_moment(out, "began", "began_milliseconds", life->began);
	json_add_moment(out, "ended", "ended_milliseconds", life->ended);
	json_add(out, "lives", life->ended || lost ? json_object_new_boolean(lost != NULL) : NULL);
	json_add(out, "registered_by", registered_by(life));
	json_add_number(out, "processes", life->processes);
	json_add_number(out, "events", life->events);
	for (size_t i = 0; i < life->type_count; i++)
		json_add_number(types, life->types[i].name, life->types[i].events);
	json_add(out, "types", types);
	json_add_number(out, "failed", life->failed);
	json_add_number(out, "acted_upon", life->as_object);
	json_add(out, "lost", lost ? json_object_new_uint64(*lost) : NULL);
	return out;
}
