// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon_json.h"
#include "engines.h"
#include "installed.h"
#include "unit.h"

#define FILE_NAME  "/etc/docker/daemon.json"
#define UNIT	   "docker.service"
#define DROP_IN	   "/etc/systemd/system/" UNIT ".d/audit-contid.conf"
#define CONTAINERS "/var/lib/docker/containers"

static const char *const programs[] = {
	"/usr/bin/dockerd",
	"/usr/sbin/dockerd",
	"/usr/local/bin/dockerd",
	NULL,
};

static void plan_daemon_json(struct plan *plan)
{
	struct change *change = &plan->changes[plan->count++];
	struct bytes now;
	const char *wrong;
	char *word = NULL;

	*change = (struct change){
		.path = FILE_NAME,
		.without = daemon_json_without,
		.between = daemon_json_between,
	};
	wrong = below_read(FILE_NAME, &now);
	if (wrong) {
		plan_wrong(plan, FILE_NAME ": %s: make it a file that root alone owns and writes",
			   wrong);
		bytes_free(&now);
		return;
	}
	switch (daemon_json_with(&now, &change->bytes, &word)) {
	case JSON_DONE:
		break;
	case JSON_BAD:
		plan_wrong(plan, FILE_NAME ": %s: Docker does not start with it; mend it first",
			   word);
		break;
	case JSON_TAKEN:
		plan_wrong(plan,
			   "the default runtime in " FILE_NAME " is \"%s\": write "
			   "\"default-runtime\": \"runc\" there, put the path of that runtime into "
			   "/etc/audit-contid/runtime.conf (runtime = PATH), and type this again",
			   word);
		break;
	case JSON_NAMED:
		plan_wrong(plan, FILE_NAME " has another runtime \"" RUNTIME_KEY "\": rename it");
	}
	free(word);
	bytes_free(&now);
}

/* dockerd does not start if an option is in the file and on its command line. */
static void look_at_options(struct plan *plan)
{
	static const char *const options[] = {
		"--default-runtime",
		"--add-runtime",
		"--config-file",
	};
	struct line line;

	for (size_t i = 0; i < sizeof(options) / sizeof(*options); i++) {
		if (!unit_has(UNIT, options[i], &line) &&
		    !lines_find("/etc/default/docker", options[i], &line))
			continue;
		plan_wrong(plan,
			   "%s has %s, which may not stand beside the lines in " FILE_NAME
			   ": take it out there, and type this again",
			   line.path, options[i]);
		line_free(&line);
	}
}

/* BuildKit is a part of dockerd and calls runc by its name, if nothing else is said. */
static void plan_build(struct plan *plan)
{
	/* one that is left from a Docker that is gone can be undone */
	if (!unit_is_there(UNIT) && !below_has(DROP_IN)) {
		plan->then = "for docker build, start dockerd with DOCKER_BUILDKIT_RUNC_COMMAND="
			     "PATH in its environment, where PATH is that of the runtime above";
		return;
	}
	plan_file(plan, DROP_IN,
		  "# By contidctl setup: BuildKit calls this instead of runc.\n"
		  "[Service]\n"
		  "Environment=DOCKER_BUILDKIT_RUNC_COMMAND=%s\n",
		  installed_runtime);
	plan->drop_in = true;
	plan->then = "docker build takes it from the next start on: systemctl restart docker; a "
		     "container that is there already keeps its runtime until it is made anew";
}

static void plan(struct plan *plan)
{
	plan_daemon_json(plan);
	plan_build(plan);
	plan->unit = UNIT;
	plan->until_restart = "restart it when its containers allow that: docker build calls our "
			      "runtime until then: systemctl restart docker";
	if (!plan->wrong)
		look_at_options(plan);
	if (!plan->wrong && plan_needs(plan, installed_runtime))
		plan_needs(plan, installed_hook);
}

static bool names_our_runtime(const char *container)
{
	struct line line;
	bool names;
	char *path;

	if (asprintf(&path, CONTAINERS "/%s/hostconfig.json", container) < 0)
		abort();
	names = lines_find(path, "\"Runtime\":\"" RUNTIME_KEY "\"", &line);
	line_free(&line);
	free(path);
	return names;
}

/* A container keeps the runtime's name that it was made with. */
static char *undone(void)
{
	char *directory = below(CONTAINERS), *text = NULL;
	DIR *containers = opendir(directory);
	struct dirent *entry;
	int count = 0;

	free(directory);
	while (containers && (entry = readdir(containers)))
		count += *entry->d_name != '.' && names_our_runtime(entry->d_name);
	if (containers)
		closedir(containers);
	if (count && asprintf(&text,
			      "%d containers were made with the runtime \"" RUNTIME_KEY
			      "\" and do not start again without it: make them anew",
			      count) < 0)
		abort();
	return text;
}

const struct engine docker_engine = {
	.name = "docker",
	.title = "Docker",
	.programs = programs,
	.plan = plan,
	.undone = undone,
};
