/* SPDX-License-Identifier: GPL-2.0 */
/* Could anybody but root have given a cgroup its name? */
#ifndef COMMON_OWNER_H
#define COMMON_OWNER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/**
 * struct cgroup_owner - the user whose choice a cgroup's name may be
 * @is_root: nobody but root can have made it, nor have put a process into it
 * @uid: if not, the first user down the path who is not root, or else 0
 */
struct cgroup_owner {
	bool is_root;
	uid_t uid;
};

struct cgroup_owner cgroup_owner(const char *controllers, const char *path, size_t length);

#endif
