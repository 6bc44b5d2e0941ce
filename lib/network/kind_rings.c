/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* How many packets the queues of an interface hold (ethtool -g). */
#include "doc/node.h"
#include "network/nic_kind.h"
#include "resource/kinds.h"

#include <linux/ethtool.h>

enum { RX, TX, RINGS };

#define ATTR(name_, now_, max_)                                  \
	{                                                        \
		.name = name_, .word = name_,                    \
		.now = offsetof(struct ethtool_ringparam, now_), \
		.max = offsetof(struct ethtool_ringparam, max_)  \
	}

const struct net_group group_rings = {
	.name = "rings",
	.command = "ethtool -G",
	.get = ETHTOOL_GRINGPARAM,
	.set = ETHTOOL_SRINGPARAM,
	.interrupts = true,
	.attrs = {[RX] = ATTR("rx", rx_pending, rx_max_pending),
                  [TX] = ATTR("tx", tx_pending, tx_max_pending)},
	.n = RINGS,
};

static const struct field rings_fields[] = {
	{NIC_BOUND("rx", RX, 1, 1048576, "packets that a receive queue holds"),
         .choices = nic_top},
	{NIC_BOUND("tx", TX, 1, 1048576, "packets that a send queue holds"),
         .choices = nic_top},
	{0},
};

static const struct field fields[] = {
	{.name = "rings",
         .type = FIELD_OBJECT,
         .fields = rings_fields,
         .doc = "sizes of the queues; a change resets them"},
	{0},
};

static bool rings_parse(struct resource *r, const struct node *n,
                        struct diagnostics *diag)
{
	return nic_parse(r, &group_rings, n, node_get(n, "rings"), diag);
}

const struct kind kind_rings = {
	NIC_KIND,
	.name = "rings",
	.fields = fields,
	.parse = rings_parse,
};
