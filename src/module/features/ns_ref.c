// SPDX-License-Identifier: GPL-2.0
/* ns_common.__ns_ref, since 6.18 */
#include <linux/ns_common.h>
#include <linux/refcount.h>

unsigned int probe(const struct ns_common *ns)
{
	return refcount_read(&ns->__ns_ref);
}
