// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE /* asprintf */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/audit_contid.h>

#include "engine_files.h"
#include "naming.h"

/* What does not fit is left out, in whole characters. */
static void cut(char *text)
{
	size_t end = AUDIT_CONTID_LABEL_MAX, first;

	if (strlen(text) <= end)
		return;
	/* the byte behind the end may go on with a character that begins before it */
	for (first = end; first > end - 3 && (text[first] & 0xc0) == 0x80; first--)
		;
	text[(text[first] & 0xc0) == 0xc0 ? first : end] = '\0';
}

/**
 * naming_set - remember one part, unless it is known already
 * @naming: gets it
 * @part: which
 * @text: anything; NULL or "" if it is not known
 *
 * Without memory it stays unknown: a name is for people.
 */
void naming_set(struct naming *naming, enum naming_part part, const char *text)
{
	if (naming->part[part] || !text || !*text)
		return;
	naming->part[part] = strdup(text);
	if (naming->part[part])
		cut(naming->part[part]);
}

/**
 * naming_pod - remember a container of Kubernetes, or a pod's sandbox
 * @naming: gets it; the label is namespace/pod/container
 * @space: the namespace
 * @pod: the pod
 * @container: "" for the sandbox
 */
void naming_pod(struct naming *naming, const char *space, const char *pod, const char *container)
{
	char *label;

	naming_set(naming, NAMING_SPACE, space);
	naming_set(naming, NAMING_POD, pod);
	if (asprintf(&label, "%s/%s%s%s", space, pod, *container ? "/" : "", container) < 0)
		return;
	naming_set(naming, NAMING_LABEL, label);
	free(label);
}

static bool take(void *data, const struct engine_container *container)
{
	struct naming *naming = data;

	naming_set(naming, NAMING_LABEL, container->name);
	naming_set(naming, NAMING_ENGINE, container->engine);
	naming_set(naming, NAMING_IMAGE, container->image);
	naming_set(naming, NAMING_DIGEST, container->digest);
	return false;
}

/**
 * naming_of_engine - ask the files of the engines
 * @naming: gets what is not known yet
 * @id: the container's 64 digits, or the beginning of them; what else it is, no engine has
 */
void naming_of_engine(struct naming *naming, const char *id)
{
	engine_files_each(NULL, id, take, naming);
}

/** naming_free - forget all of it */
void naming_free(struct naming *naming)
{
	for (int i = 0; i < NAMING_PARTS; i++)
		free(naming->part[i]);
	*naming = (struct naming){};
}
