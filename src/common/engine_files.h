/* SPDX-License-Identifier: GPL-2.0 */
/* The containers of podman, CRI-O and Docker of root, as their files have them. */
#ifndef COMMON_ENGINE_FILES_H
#define COMMON_ENGINE_FILES_H

#include <stdbool.h>

#define RUNTIME_ID 65 /* the 64 digits of a runtime, and their NUL */

/**
 * struct engine_container - one of them; all but @engine is what the file says
 * @engine: the engine
 * @id: its 64 digits
 * @name: what it is called
 * @image: its image, "" if that is not known
 * @digest: likewise, by what is in it
 */
struct engine_container {
	const char *engine;
	const char *id;
	const char *name;
	const char *image;
	const char *digest;
};

/* Return: false to end it. */
typedef bool engine_files_take(void *data, const struct engine_container *container);

void engine_files_each(const char *engine, const char *id, engine_files_take *take, void *data);

#endif
