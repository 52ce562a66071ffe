// SPDX-License-Identifier: GPL-2.0
/* The IDs of containers that live, and of those that are planned. */
#define _GNU_SOURCE /* tdestroy */
#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "adoption.h"
#include "holders.h"
#include "live.h"

static int by_contid(const void *a, const void *b)
{
	const struct id_in_use *x = a, *y = b;

	return memcmp(x->contid.b, y->contid.b, sizeof(x->contid.b));
}

/** in_use_find - the container with an ID that lives or will, or NULL */
struct id_in_use *in_use_find(const struct adoption *adoption, const struct audit_contid *contid)
{
	const struct id_in_use key = { .contid = *contid };
	struct id_in_use **found = tfind(&key, &adoption->in_use, by_contid);

	return found ? *found : NULL;
}

/**
 * in_use_add - remember that an ID is in use
 * @adoption: where
 * @contid: the ID
 * @first: the container's first process
 * @created_ns: when it was registered; 0 if it is planned
 *
 * Return: false for want of memory.
 */
bool in_use_add(struct adoption *adoption, const struct audit_contid *contid, pid_t first,
		uint64_t created_ns)
{
	struct id_in_use *one;

	if (in_use_find(adoption, contid))
		return true;
	one = malloc(sizeof(*one));
	if (!one)
		return false;
	*one = (struct id_in_use){ .contid = *contid, .first = first, .created_ns = created_ns };
	if (tsearch(one, &adoption->in_use, by_contid))
		return true;
	free(one);
	return false;
}

static bool note_live(void *data, const struct audit_contid_container *container)
{
	struct adoption *adoption = data;

	adoption->live++;
	adoption->ok = in_use_add(adoption, &container->contid, container->first_pid,
				  container->created_ns);
	return adoption->ok;
}

/** in_use_read - the containers that live now; false for want of memory */
bool in_use_read(struct adoption *adoption)
{
	tdestroy(adoption->in_use, free);
	adoption->in_use = NULL;
	adoption->live = 0;
	adoption->ok = true;
	live_each(adoption->device.fd, note_live, adoption, NULL);
	return adoption->ok;
}

/*
 * Its ID is in use, but only by what is left of its last run. That takes a look at all
 * processes: any number of cgroups can be called so.
 */
static bool is_left(const struct adoption *adoption, struct id_in_use *one)
{
	struct holders holders;

	if (one->looked || !holders_read(&holders, &adoption->device, &one->contid))
		return one->left;
	one->looked = true;
	one->left = holders_have_entered(&holders, &adoption->device, &one->contid);
	holders_free(&holders);
	return one->left;
}

/**
 * in_use_foresee - what the kernel would say, as far as can be known without asking it
 * @adoption: what is in use
 * @found: a container that would be registered
 *
 * Return: 0 or an errno.
 */
int in_use_foresee(const struct adoption *adoption, const struct found *found)
{
	struct id_in_use *one = in_use_find(adoption, &found->id.contid);

	if (one && (*found->name_of || !is_left(adoption, one)))
		return ENOTUNIQ;
	return found->depth > adoption->device.info.max_depth ? EMLINK : 0;
}
