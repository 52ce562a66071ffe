/* SPDX-License-Identifier: GPL-2.0 */
/* It has its new name, and is where it always was. */
#include <linux/refcount.h>
struct ns_common {
	unsigned int inum;
	refcount_t __ns_ref;
};
