/* SPDX-License-Identifier: GPL-2.0 */
/* It has moved to a header of its own. */
#include <linux/refcount.h>
struct ns_common {
	struct {
		refcount_t __ns_ref;
	};
	unsigned int inum;
};
