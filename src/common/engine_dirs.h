/* SPDX-License-Identifier: GPL-2.0 */
/* Where the engines of root keep their files on this machine. */
#ifndef COMMON_ENGINE_DIRS_H
#define COMMON_ENGINE_DIRS_H

#define ENGINE_DIR 512

/**
 * struct engine_dirs - directories, each without a slash at its end
 * @graph: of the storage that podman and CRI-O share
 * @run: likewise, what is gone after a restart of the machine
 * @docker: of Docker
 */
struct engine_dirs {
	char graph[ENGINE_DIR];
	char run[ENGINE_DIR];
	char docker[ENGINE_DIR];
};

void engine_dirs_read(struct engine_dirs *dirs);

#endif
