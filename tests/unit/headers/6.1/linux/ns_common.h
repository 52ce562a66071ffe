/* SPDX-License-Identifier: GPL-2.0 */
/* The count as it is from 5.11 to 6.17. */
#include <linux/refcount.h>
struct ns_common {
	unsigned int inum;
	refcount_t count;
};
