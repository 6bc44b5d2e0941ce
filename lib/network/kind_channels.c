/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* How many queues an interface has (ethtool -l). */
#include "doc/node.h"
#include "network/nic_facts.h"
#include "network/nic_kind.h"
#include "network/per_interface.h"
#include "network/record.h"
#include "resource/kinds.h"

#include <linux/ethtool.h>

enum { RX, TX, COMBINED, CHANNELS };

#define ATTR(name_, now_, max_)                                 \
	{                                                       \
		.name = name_, .word = name_,                   \
		.now = offsetof(struct ethtool_channels, now_), \
		.max = offsetof(struct ethtool_channels, max_)  \
	}

const struct net_group group_channels = {
	.name = "channels",
	.command = "ethtool -L",
	.get = ETHTOOL_GCHANNELS,
	.set = ETHTOOL_SCHANNELS,
	.interrupts = true,
	.attrs = {[RX] = ATTR("rx", rx_count, max_rx),
                  [TX] = ATTR("tx", tx_count, max_tx),
                  [COMBINED] = ATTR("combined", combined_count, max_combined)},
	.n = CHANNELS,
};

static const struct field channels_fields[] = {
	{NIC_BOUND("combined", COMBINED, 0, 65536, "queues that receive and send"),
         .choices = nic_top},
	{NIC_BOUND("rx", RX, 0, 65536, "queues that only receive"), .choices = nic_top},
	{NIC_BOUND("tx", TX, 0, 65536, "queues that only send"), .choices = nic_top},
	{0},
};

static const struct field fields[] = {
	{.name = "channels",
         .type = FIELD_OBJECT,
         .fields = channels_fields,
         .doc = "number of queues; a change resets the interface"},
	NET_ITEM_FIELDS,
	{0},
};

static bool channels_parse(struct resource *r, const struct node *n,
                           struct diagnostics *diag)
{
	return nic_parse(r, &group_channels, n, node_get(n, "channels"), diag);
}

const struct kind kind_channels = {
	NIC_KIND,
	.name = "channels",
	.doc = "network interfaces: queues, rings, interrupts, MTU",
	.page = "docs/network.md",
	.fields = fields,
	.facts = &nic_facts,
	.expand = per_interface_expand,
	.survey = per_interface_survey,
	.devices = per_interface_devices,
	.record = network_record,
	.parse = channels_parse,
};
