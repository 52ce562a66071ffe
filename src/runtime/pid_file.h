/* SPDX-License-Identifier: GPL-2.0 */
/* The file into which a runtime writes the number of what it executes. */
#ifndef RUNTIME_PID_FILE_H
#define RUNTIME_PID_FILE_H

#include <stdbool.h>
#include <sys/stat.h>

/**
 * struct pid_file - it
 * @path: NULL if there is none
 * @watch: descriptor of what is written to its directory, or below 0
 * @before: what was there before, if @was_there
 * @was_there: something was
 */
struct pid_file {
	const char *path;
	int watch;
	struct stat before;
	bool was_there;
};

void pid_file_begin(struct pid_file *file, const char *path);
pid_t pid_file_await(const struct pid_file *file, int runtime, bool *failed);

#endif
