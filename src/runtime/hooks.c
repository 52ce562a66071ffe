// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <string.h>

#include "hooks.h"

/* As in the description that podman reads. */
#define TIMEOUT_S 30

/* Return: what is there under that name, made if there is nothing; NULL if that is no @type. */
static struct json_object *child(struct json_object *of, const char *name, enum json_type type)
{
	struct json_object *it = NULL;

	json_object_object_get_ex(of, name, &it);
	if (it)
		return json_object_is_type(it, type) ? it : NULL;
	it = type == json_type_array ? json_object_new_array() : json_object_new_object();
	if (it)
		json_object_object_add(of, name, it);
	return it;
}

/* Another path with its name is the same program, of another installation. */
static bool is_ours(struct json_object *hook)
{
	struct json_object *path = NULL;
	const char *text, *slash;

	if (!json_object_is_type(hook, json_type_object) ||
	    !json_object_object_get_ex(hook, "path", &path) ||
	    !json_object_is_type(path, json_type_string))
		return false;
	text = json_object_get_string(path);
	slash = strrchr(text, '/');
	return slash && !strcmp(slash + 1, HOOK_NAME);
}

static struct json_object *hook_new(const char *program)
{
	struct json_object *hook = json_object_new_object(), *args = json_object_new_array();

	json_object_array_add(args, json_object_new_string(HOOK_NAME));
	json_object_object_add(hook, "path", json_object_new_string(program));
	json_object_object_add(hook, "args", args);
	json_object_object_add(hook, "timeout", json_object_new_int(TIMEOUT_S));
	return hook;
}

/* Return: NULL, or what is wrong. */
static const char *add_at(struct json_object *hooks, const char *stage, const char *wrong,
			  const char *program, bool *added)
{
	struct json_object *list = child(hooks, stage, json_type_array);

	if (!list)
		return wrong;
	for (size_t i = 0; i < json_object_array_length(list); i++) {
		if (is_ours(json_object_array_get_idx(list, i)))
			return NULL;
	}
	if (json_object_array_add(list, hook_new(program)))
		return strerror(ENOMEM);
	*added = true;
	return NULL;
}

/**
 * hooks_add - have the runtime call our hook at createRuntime and at poststop
 * @config: the container's configuration, an object
 * @program: the hook's program
 * @added: out: it was not there before
 *
 * Return: NULL, or what is wrong with @config, which is then as good as lost.
 */
const char *hooks_add(struct json_object *config, const char *program, bool *added)
{
	struct json_object *hooks;
	const char *wrong;

	*added = false;
	hooks = child(config, "hooks", json_type_object);
	if (!hooks)
		return "its hooks are no object";
	wrong = add_at(hooks, "createRuntime", "its hooks.createRuntime is no array", program,
		       added);
	return wrong ?: add_at(hooks, "poststop", "its hooks.poststop is no array", program, added);
}
