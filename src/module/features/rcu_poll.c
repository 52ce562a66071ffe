// SPDX-License-Identifier: GPL-2.0
/* a grace period can be asked whether it is over, since 5.12 */
#include <linux/rcupdate.h>

bool probe(void)
{
	return poll_state_synchronize_rcu(get_state_synchronize_rcu());
}
