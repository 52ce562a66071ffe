// SPDX-License-Identifier: GPL-2.0
/*
 * Names for people, made of the state's annotations. Engines put these there, and so may
 * the maker of the container: it may be anything, and says what the container is called, not
 * what it is. podman and Docker put none there: their own files have the name.
 */
#define _GNU_SOURCE /* asprintf */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "contid.h"
#include "oci_naming.h"

/*
 * What each engine of Kubernetes calls the parts of a name. CRI-O copies the annotations of
 * a pod into the configuration, and its own last: the pod's author cannot replace those, but
 * can add containerd's. containerd copies none that the site has not allowed. So CRI-O's
 * come first here.
 */
static const struct {
	const char *engine;
	const char *space;
	const char *pod;
	const char *pod_uid;
	const char *container; /* a pod's sandbox has none */
	const char *image;
	const char *digest; /* "" if it says none */
} engines[] = {
	{ "cri-o", "io.kubernetes.pod.namespace", "io.kubernetes.pod.name", "io.kubernetes.pod.uid",
	  "io.kubernetes.container.name", "io.kubernetes.cri-o.ImageName",
	  "io.kubernetes.cri-o.ImageRef" },
	{ "containerd", "io.kubernetes.cri.sandbox-namespace", "io.kubernetes.cri.sandbox-name",
	  "io.kubernetes.cri.sandbox-uid", "io.kubernetes.cri.container-name",
	  "io.kubernetes.cri.image-name", "" },
};

/* Empty if it is not there, is no text, or would be cut short by a NUL in it. */
static const char *annotation(struct json_object *annotations, const char *key)
{
	struct json_object *value;
	const char *text;

	if (!json_object_object_get_ex(annotations, key, &value) ||
	    !json_object_is_type(value, json_type_string))
		return "";
	text = json_object_get_string(value);
	return strlen(text) == (size_t)json_object_get_string_len(value) ? text : "";
}

static void of_kubernetes(struct naming *naming, struct json_object *annotations)
{
	for (size_t i = 0; i < sizeof(engines) / sizeof(*engines); i++) {
		const char *space = annotation(annotations, engines[i].space);
		const char *pod = annotation(annotations, engines[i].pod);
		const char *container = annotation(annotations, engines[i].container);

		if (!*space || !*pod)
			continue;
		naming_pod(naming, space, pod, container);
		naming_set(naming, NAMING_ENGINE, engines[i].engine);
		naming_set(naming, NAMING_POD_UID, annotation(annotations, engines[i].pod_uid));
		naming_set(naming, NAMING_IMAGE, annotation(annotations, engines[i].image));
		naming_set(naming, NAMING_DIGEST, annotation(annotations, engines[i].digest));
		return;
	}
}

/**
 * oci_naming - find out what people call a container
 * @naming: gets what is known
 * @state: of the runtime
 * @id: what the runtime calls it; if that is a name and no ID, it is a label as well
 */
void oci_naming(struct naming *naming, struct json_object *state, const char *id)
{
	struct json_object *annotations;
	struct audit_contid contid;

	naming_set(naming, NAMING_ID, id);
	if (json_object_object_get_ex(state, "annotations", &annotations) &&
	    json_object_is_type(annotations, json_type_object))
		of_kubernetes(naming, annotations);
	if (contid_parse(id, &contid))
		naming_set(naming, NAMING_LABEL, id);
	else
		naming_of_engine(naming, id);
}
