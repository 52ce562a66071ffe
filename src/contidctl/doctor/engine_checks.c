// SPDX-License-Identifier: GPL-2.0
/*
 * The engines that are installed: do they register their containers? One line in the
 * table for each, and a function that knows how that engine is set up.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "checks.h"
#include "json.h"

#define HOOK "audit-contid.json"

/* the ways by which podman and CRI-O look for hooks; the later ones come first */
static const char *const hook_directories[] = {
	"/etc/containers/oci/hooks.d",
	"/usr/share/containers/oci/hooks.d",
};

static bool is_installed(const char *program)
{
	static const char *const directories[] = {
		"/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin", "/usr/libexec",
	};
	char path[128];

	for (size_t i = 0; i < sizeof(directories) / sizeof(*directories); i++) {
		snprintf(path, sizeof(path), "%s/%s", directories[i], program);
		if (!access(path, X_OK))
			return true;
	}
	return false;
}

/* What a hook's description names as its program. */
static bool hook_program(const char *path, char *program, size_t size)
{
	struct json_object *file = json_object_from_file(path);
	struct json_object *hook, *value;
	bool found;

	found = file && json_object_object_get_ex(file, "hook", &hook) &&
		json_object_object_get_ex(hook, "path", &value) &&
		json_object_is_type(value, json_type_string);
	if (found)
		snprintf(program, size, "%s", json_object_get_string(value));
	json_object_put(file);
	return found;
}

static void judge_hook(const char *path, struct finding *finding)
{
	char program[FINDING_TEXT / 2];

	if (!hook_program(path, program, sizeof(program))) {
		finding_set(finding, VERDICT_FAIL, "%s is not the description of a hook", path);
		finding_todo(finding, "install the package audit-contid-tools again");
	} else if (access(program, X_OK)) {
		finding_set(finding, VERDICT_FAIL,
			    "%s names %s, which is not there: no container starts", path, program);
		finding_todo(finding, "install the package audit-contid-tools again, or remove %s",
			     path);
	} else {
		finding_set(finding, VERDICT_OK, "%s calls %s", path, program);
	}
}

static void look_hook(const char *program, struct finding *finding)
{
	char path[128];

	if (!is_installed(program)) {
		finding_set(finding, VERDICT_OK, "not installed");
		return;
	}
	for (size_t i = 0; i < sizeof(hook_directories) / sizeof(*hook_directories); i++) {
		snprintf(path, sizeof(path), "%s/" HOOK, hook_directories[i]);
		if (!access(path, F_OK)) {
			judge_hook(path, finding);
			return;
		}
	}
	finding_set(finding, VERDICT_WARN,
		    "installed, and no hook registers its containers: " HOOK " is missing");
	finding_todo(finding, "install the hook: docs/runtimes.md");
}

static void look_podman(const struct patient *patient, struct finding *finding)
{
	(void)patient;
	look_hook("podman", finding);
}

static void look_crio(const struct patient *patient, struct finding *finding)
{
	(void)patient;
	look_hook("crio", finding);
}

const struct check engine_checks[] = {
	{ "podman", look_podman },
	{ "crio", look_crio },
	{},
};
