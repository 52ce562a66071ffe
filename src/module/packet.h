/* SPDX-License-Identifier: GPL-2.0 */
/* The network namespace of a packet that is on record. */
#ifndef CONTID_PACKET_H
#define CONTID_PACKET_H

#include "field.h"

struct net;
struct sk_buff;

void packet_init(void);
void packet_seen(const struct net *net);
enum field_fate packet_name(struct sk_buff *skb);

#endif
