// SPDX-License-Identifier: GPL-2.0
/* net.net_cookie, since 5.12 */
#include <net/net_namespace.h>

unsigned long long probe(const struct net *net)
{
	return net->net_cookie;
}
