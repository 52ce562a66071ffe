/* SPDX-License-Identifier: GPL-2.0 */
/* The files of the machine, or of a directory that --root names. */
#ifndef SETUP_BELOW_H
#define SETUP_BELOW_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

/**
 * struct bytes - what is in a file
 * @there: there is one
 * @text: in it; has a NUL behind its end; NULL if there is no file
 * @length: of @text
 * @stat: mode and owner
 */
struct bytes {
	bool there;
	char *text;
	size_t length;
	struct stat stat;
};

void below_set(const char *root);
bool below_is_machine(void);
char *below(const char *path);
bool below_has(const char *path);
bool below_has_program(const char *path);
const char *below_read(const char *path, struct bytes *bytes);
const char *below_write(const char *path, const struct bytes *bytes);
void below_clean(const char *path);
const char *below_remove(const char *path);
bool bytes_equal(const struct bytes *one, const struct bytes *other);
void bytes_free(struct bytes *bytes);

#endif
