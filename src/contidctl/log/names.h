/* SPDX-License-Identifier: GPL-2.0 */
/* What containers were called, by what the log alone says. */
#ifndef CONTIDCTL_NAMES_H
#define CONTIDCTL_NAMES_H

#include "wanted.h"

struct names;

#define NAMES_NOW (UINT64_MAX / 2) /* the last of its names */

/**
 * struct image - what a container was made of, as it may be printed
 * @name: its image, as the engine was asked for it; NULL if that is not known
 * @digest: likewise, as the engine knows it by what is in it
 */
struct image {
	const char *name, *digest;
};

struct names *names_new(bool ask_engines);
bool names_told(const struct names *names, const struct record *record, char id[CONTID_TEXT]);
void names_learn(struct names *names, const struct record *record);
void names_add(struct names *names, const char *id, const char *name);
const char *names_of(struct names *names, struct slice node, const char *id, uint64_t milli);
struct image names_image(struct names *names, struct slice node, const char *id, uint64_t milli);
bool names_find(const struct names *names, const char *name, uint64_t since, uint64_t until,
		struct wanted_list *list);
void names_forget(struct names *names, uint64_t now);
void names_let_go(struct names *names);
void names_free(struct names *names);

#endif
