/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* How long an interface collects packets before it interrupts a CPU (ethtool -c). */
#include "doc/node.h"
#include "network/nic_kind.h"
#include "resource/kinds.h"

#include <linux/ethtool.h>

enum { ADAPTIVE_RX, ADAPTIVE_TX, RX_USECS, TX_USECS, RX_FRAMES, TX_FRAMES, COALESCE };

#define ATTR(name_, now_)                                      \
	{                                                      \
		.name = name_, .word = name_,                  \
		.now = offsetof(struct ethtool_coalesce, now_) \
	}
#define FLAG(name_, now_)                                                    \
	{                                                                    \
		.name = name_, .word = name_,                                \
		.now = offsetof(struct ethtool_coalesce, now_), .flag = true \
	}

const struct net_group group_coalesce = {
	.name = "coalesce",
	.command = "ethtool -C",
	.get = ETHTOOL_GCOALESCE,
	.set = ETHTOOL_SCOALESCE,
	.attrs = {[ADAPTIVE_RX] = FLAG("adaptive-rx", use_adaptive_rx_coalesce),
                  [ADAPTIVE_TX] = FLAG("adaptive-tx", use_adaptive_tx_coalesce),
                  [RX_USECS] = ATTR("rx-usecs", rx_coalesce_usecs),
                  [TX_USECS] = ATTR("tx-usecs", tx_coalesce_usecs),
                  [RX_FRAMES] = ATTR("rx-frames", rx_max_coalesced_frames),
                  [TX_FRAMES] = ATTR("tx-frames", tx_max_coalesced_frames)},
	.n = COALESCE,
};

static const struct field coalesce_fields[] = {
	{NIC_FLAG("adaptive-rx", ADAPTIVE_RX, "the driver adapts rx-usecs to the load")},
	{NIC_FLAG("adaptive-tx", ADAPTIVE_TX, "the driver adapts tx-usecs to the load")},
	{NIC_BOUND("rx-usecs", RX_USECS, 0, 1000000,
                   "microseconds from a received packet to its interrupt")},
	{NIC_BOUND("tx-usecs", TX_USECS, 0, 1000000,
                   "microseconds from a sent packet to its interrupt")},
	{NIC_BOUND("rx-frames", RX_FRAMES, 0, 1000000,
                   "received packets until an interrupt, whatever the time")},
	{NIC_BOUND("tx-frames", TX_FRAMES, 0, 1000000,
                   "sent packets until an interrupt, whatever the time")},
	{0},
};

static const struct field fields[] = {
	{.name = "coalesce",
         .type = FIELD_OBJECT,
         .fields = coalesce_fields,
         .doc = "how many interrupts there are"},
	{0},
};

static bool coalesce_parse(struct resource *r, const struct node *n,
                           struct diagnostics *diag)
{
	return nic_parse(r, &group_coalesce, n, node_get(n, "coalesce"), diag);
}

const struct kind kind_coalesce = {
	NIC_KIND,
	.name = "coalesce",
	.fields = fields,
	.parse = coalesce_parse,
};
