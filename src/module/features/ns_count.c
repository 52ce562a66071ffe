// SPDX-License-Identifier: GPL-2.0
/* ns_common.count, from 5.11 to 6.17 */
#include <linux/ns_common.h>
#include <linux/refcount.h>

unsigned int probe(const struct ns_common *ns)
{
	return refcount_read(&ns->count);
}
