// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "contid.h"
#include "engine_files.h"
#include "name.h"
#include "uuid5.h"

/**
 * struct search - a look at what the engines keep
 * @name: the container's name
 * @ids: gets the IDs of those that have it
 */
struct search {
	const char *name;
	struct candidates *ids;
};

/* The engines have IDs of 64 digits, of which the first 32 are the container's. */
static bool take(void *data, const struct engine_container *container)
{
	struct search *search = data;
	struct audit_contid contid;
	char text[CONTID_TEXT];

	if (strcmp(container->name, search->name) || contid_parse(container->id, &contid))
		return true;
	contid_format(&contid, text);
	candidates_add(search->ids, text);
	return true;
}

/* Engines that have IDs for their containers: of RUNTIME:NAME none is made of a name. */
static const char *const engines[] = { "podman", "cri-o", "docker", "containerd" };

/* The engine that RUNTIME:NAME names and that has an ID for it; NULL for all others. */
static const char *engine_of(const char *text)
{
	const char *colon = strchr(text, ':');

	for (size_t i = 0; colon && i < sizeof(engines) / sizeof(*engines); i++) {
		if (strlen(engines[i]) == (size_t)(colon - text) &&
		    !strncmp(engines[i], text, colon - text))
			return engines[i];
	}
	return NULL;
}

/**
 * name_derive - the ID of a container of which the runtime only has a name
 * @text: RUNTIME:NAME, of which `adopt` and the OCI hook make it
 * @id: out: as records have it
 *
 * Return: false if it is no such text, or if the runtime has IDs of its own.
 */
bool name_derive(const char *text, char id[CONTID_TEXT])
{
	const char *colon = strchr(text, ':');
	struct audit_contid contid;
	char *runtime;
	bool derived;

	if (!colon || colon == text || !colon[1] || engine_of(text))
		return false;
	runtime = strndup(text, colon - text);
	derived = runtime && !contid_of_container(runtime, colon + 1, &contid);
	if (derived)
		contid_format(&contid, id);
	free(runtime);
	return derived;
}

/**
 * name_find - look for a name among the containers of podman, CRI-O and Docker
 * @name: the name; ENGINE:NAME looks at one engine
 * @ids: gets the IDs of those that have it
 */
void name_find(const char *name, struct candidates *ids)
{
	const char *engine = engine_of(name);
	struct search search = {
		.name = engine ? strchr(name, ':') + 1 : name,
		.ids = ids,
	};

	engine_files_each(engine, "", take, &search);
}

/**
 * struct visit - who gets the names
 * @take: gets each
 * @data: for it
 */
struct visit {
	name_take *take;
	void *data;
};

static bool visit_one(void *data, const struct engine_container *container)
{
	const struct visit *visit = data;
	struct audit_contid contid;
	char id[CONTID_TEXT];

	if (contid_parse(container->id, &contid))
		return true;
	contid_format(&contid, id);
	visit->take(visit->data, id, container);
	return true;
}

/**
 * name_each - go through the names that podman, CRI-O and Docker know
 * @take: gets each, and what else they know of the container
 * @data: for it
 */
void name_each(name_take *take, void *data)
{
	struct visit visit = { take, data };

	engine_files_each(NULL, "", visit_one, &visit);
}
