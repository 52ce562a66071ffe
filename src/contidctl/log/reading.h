/* SPDX-License-Identifier: GPL-2.0 */
/* From the lines of the logs to events. */
#ifndef CONTIDCTL_READING_H
#define CONTIDCTL_READING_H

#include "assembly.h"
#include "intake.h"
#include "logs.h"

/**
 * struct reading - one way through all logs
 * @logs: the files
 * @intake: of which time, and what was passed over
 * @assembly: makes events of their records
 * @follow: go on with what is written to the last file
 * @from_kernel: go on with what the kernel says
 * @kernel: then the socket, of listener_open()
 * @idle: then called each time that nothing came for a moment; false ends it; may be NULL
 * @idle_data: for @idle
 * @failed: set by the user of the events, after a message: it takes no more
 */
struct reading {
	struct logs logs;
	struct intake intake;
	struct assembly *assembly;
	bool follow;
	bool from_kernel;
	int kernel;
	bool (*idle)(void *data);
	void *idle_data;
	bool failed;
};

bool reading_do(struct reading *reading, const struct assembly_user *user);
bool reading_is_whole(const struct reading *reading);

#endif
