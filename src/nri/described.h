/* SPDX-License-Identifier: GPL-2.0 */
/* Pods and containers, as the runtime describes them. */
#ifndef NRI_DESCRIBED_H
#define NRI_DESCRIBED_H

#include <sys/types.h>

#include "naming.h"
#include "wire.h"

/**
 * struct pod - a pod; the bytes lie in the message
 * @id: that of its sandbox
 * @name: its name
 * @uid: its UID
 * @space: its namespace
 * @pid: the sandbox's process, 0 if it has none
 */
struct pod {
	struct bytes id, name, uid, space;
	uint64_t pid;
};

/**
 * struct container - a container; likewise
 * @id: its ID
 * @pod: the ID of its pod
 * @name: its name
 * @image: its image, if the engine says so
 * @pid: its first process, 0 if it has none
 * @runs: it does
 */
struct container {
	struct bytes id, pod, name, image;
	uint64_t pid;
	bool runs;
};

bool described_pod(struct pod *pod, struct bytes message);
bool described_container(struct container *container, struct bytes message);
void described_naming(struct naming *naming, const struct pod *pod,
		      const struct container *container, const char *engine);

#endif
