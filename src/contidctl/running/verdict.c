// SPDX-License-Identifier: GPL-2.0
/* A container that is refused, and why in words if the kernel's do not say it. */
#include <errno.h>
#include <stddef.h>

#include "found.h"

/* Who holds the ID takes a look at all processes, and a user may have as many cgroups. */
static const char in_use[] =
	"a live container, which `contidctl list` shows, has this ID already: end that container, or "
	"what is left of it";

/**
 * found_refuse - it cannot be registered
 * @found: the container
 * @err: as errno
 * @why: in words, or NULL: those that go with @err
 */
void found_refuse(struct found *found, int err, const char *why)
{
	if (!why && err == ENOTUNIQ && *found->name_of)
		why = in_use;
	found->action = REFUSE;
	found->err = err;
	found->why = why;
	found->joined_count = 0;
}
