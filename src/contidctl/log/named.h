/* SPDX-License-Identifier: GPL-2.0 */
/* A container and what it was called, for the files that know names: see names.h. */
#ifndef CONTIDCTL_NAMED_H
#define CONTIDCTL_NAMED_H

#include "contid.h"
#include "record.h"

#define NAMED_UUID     (CONTID_TEXT - 1)
#define NAMED_MACHINES 64 /* with a clock of their own */
#define NAMED_HERE     ((struct slice){}) /* a log of this machine may name none */

/* Records of different processors may change places. */
#define NAMED_DISORDER 2000 /* milliseconds */

/**
 * struct period - one of a container's lives; an ID may have several
 * @name: what it was called then, as it was written; NULL if that is not known
 * @shown: the same as it may be printed
 * @image: what it was made of, as it may be printed; NULL if that is not known
 * @digest: likewise, by what is in it
 * @by_kernel: the module's own record says so
 * @began: in milliseconds since 1970; 0 if the log does not say
 * @ended: likewise; UINT64_MAX
 */
struct period {
	char *name, *shown;
	char *image, *digest;
	bool by_kernel;
	uint64_t began, ended;
};

/**
 * struct named - a container
 * @node: the machine that it is of, as a hash: an ID that is made of a name is the same on each
 * @id: its ID
 * @around: the IDs around it, as its records have them; NULL if there are none, or that
 *	is not known
 * @periods: its lives, in their order
 * @count: how many
 */
struct named {
	uint64_t node;
	char id[CONTID_TEXT];
	char *around;
	struct period *periods;
	size_t count;
};

/**
 * struct names - all that is known so far
 * @tree: containers, for tsearch(3)
 * @count: how many
 * @lets_go: they may be forgotten after their end, see names_let_go()
 * @enough: then: so many are no reason to
 * @now: then: the time of the latest record, of each machine
 * @forgot: when names_forget() looked last, by the log's time
 * @ask_engines: what the log does not say may be in the files of this machine's engines,
 *	which were not asked yet
 */
struct names {
	void *tree;
	size_t count;
	bool lets_go;
	size_t enough;
	uint64_t now[NAMED_MACHINES];
	uint64_t forgot;
	bool ask_engines;
};

struct named *named_find(const struct names *names, struct slice node, const char *id);
struct named *named_find_any(const struct names *names, struct slice node, const char *id);
struct named *named_add(struct names *names, struct slice node, const char *id);
int named_order(const void *a, const void *b);
void named_forget(struct named *named, size_t count);
void named_free(void *named);
void named_tidy(struct names *names, const struct stamp *stamp);

struct period *period_at(const struct named *named, uint64_t milli);
struct period *period_add(struct named *named, uint64_t began);
void period_name(struct period *period, const char *name, bool by_kernel);
void period_image(struct period *period, const char *image, const char *digest);

#endif
