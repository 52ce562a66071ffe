// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>

#include "described.h"

/* the states of NRI that have a first process which executes */
enum { PAUSED = 2, RUNNING };

/**
 * described_pod - read a pod
 * @pod: out
 * @message: NRI's PodSandbox
 *
 * Return: false if it is broken.
 */
bool described_pod(struct pod *pod, struct bytes message)
{
	struct field field;

	*pod = (struct pod){};
	while (wire_next(&message, &field)) {
		switch (field.number) {
		case 1:
			pod->id = field.bytes;
			break;
		case 2:
			pod->name = field.bytes;
			break;
		case 3:
			pod->uid = field.bytes;
			break;
		case 4:
			pod->space = field.bytes;
			break;
		case 9:
			pod->pid = field.value;
			break;
		}
	}
	return wire_is_whole(&message);
}

/* One annotation of many: a key and a value. Return: false if it is broken. */
static bool take_annotation(struct container *container, struct bytes entry)
{
	struct bytes key = {}, value = {};
	struct field field;

	while (wire_next(&entry, &field)) {
		if (field.number == 1)
			key = field.bytes;
		else if (field.number == 2)
			value = field.bytes;
	}
	if (bytes_are(key, "io.kubernetes.cri.image-name") ||
	    bytes_are(key, "io.kubernetes.cri-o.ImageName"))
		container->image = value;
	return wire_is_whole(&entry);
}

/**
 * described_container - read a container
 * @container: out
 * @message: NRI's Container
 *
 * Return: false if it is broken.
 */
bool described_container(struct container *container, struct bytes message)
{
	struct field field;
	bool ok = true;

	*container = (struct container){};
	while (ok && wire_next(&message, &field)) {
		switch (field.number) {
		case 1:
			container->id = field.bytes;
			break;
		case 2:
			container->pod = field.bytes;
			break;
		case 3:
			container->name = field.bytes;
			break;
		case 4:
			container->runs = field.value == RUNNING || field.value == PAUSED;
			break;
		case 6:
			ok = take_annotation(container, field.bytes);
			break;
		case 12:
			container->pid = field.value;
			break;
		}
	}
	return ok && wire_is_whole(&message);
}

static void set(struct naming *naming, enum naming_part part, struct bytes bytes)
{
	char *text = bytes_text(bytes);

	naming_set(naming, part, text);
	free(text);
}

/**
 * described_naming - find out what people call a container
 * @naming: gets what is known
 * @pod: its pod
 * @container: itself, or NULL for the pod's sandbox
 * @engine: the engine
 */
void described_naming(struct naming *naming, const struct pod *pod,
		      const struct container *container, const char *engine)
{
	char *space = bytes_text(pod->space), *name = bytes_text(pod->name);
	char *of = bytes_text(container ? container->name : (struct bytes){});

	if (space && *space && name && *name && of)
		naming_pod(naming, space, name, of);
	free(space);
	free(name);
	free(of);
	set(naming, NAMING_POD_UID, pod->uid);
	set(naming, NAMING_ID, container ? container->id : pod->id);
	if (container)
		set(naming, NAMING_IMAGE, container->image);
	naming_set(naming, NAMING_ENGINE, engine);
}
