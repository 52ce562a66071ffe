// SPDX-License-Identifier: GPL-2.0
/* ns_common.ns_id, since 6.18 */
#include <linux/ns_common.h>

unsigned long long probe(const struct ns_common *ns)
{
	return ns->ns_id;
}
