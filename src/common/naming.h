/* SPDX-License-Identifier: GPL-2.0 */
/* What people and engines call a container. All of it may be anything. */
#ifndef COMMON_NAMING_H
#define COMMON_NAMING_H

#include <stddef.h>

/**
 * enum naming_part - one thing that may be known of it
 * @NAMING_LABEL: what people call it: web, or namespace/pod/container
 * @NAMING_ENGINE: the engine
 * @NAMING_IMAGE: its image, by name
 * @NAMING_DIGEST: its image, as the engine knows it by what is in it
 * @NAMING_POD: its pod
 * @NAMING_SPACE: the namespace of Kubernetes that the pod is in
 * @NAMING_POD_UID: the pod's UID
 * @NAMING_ID: what the engine's runtime calls the container
 * @NAMING_PARTS: so many
 */
enum naming_part {
	NAMING_LABEL,
	NAMING_ENGINE,
	NAMING_IMAGE,
	NAMING_DIGEST,
	NAMING_POD,
	NAMING_SPACE,
	NAMING_POD_UID,
	NAMING_ID,
	NAMING_PARTS
};

/**
 * struct naming - all that is known
 * @part: allocated, of 1 to AUDIT_CONTID_LABEL_MAX bytes; NULL if it is not known
 */
struct naming {
	char *part[NAMING_PARTS];
};

void naming_set(struct naming *naming, enum naming_part part, const char *text);
void naming_pod(struct naming *naming, const char *space, const char *pod, const char *container);
void naming_of_engine(struct naming *naming, const char *id);
void naming_free(struct naming *naming);

#endif
