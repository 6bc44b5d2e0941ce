/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The MTU and the length of the send queue of an interface, from sysfs. */
#include "doc/node.h"
#include "network/nic_kind.h"
#include "resource/kinds.h"

enum { MTU, TXQUEUELEN, LINK };

const struct net_group group_link = {
	.name = "link",
	.command = "ip link set",
	.attrs = {[MTU] = {.name = "mtu", .word = "mtu", .file = "mtu"},
                  [TXQUEUELEN] = {.name = "txqueuelen",
                                  .word = "txqueuelen",
                                  .file = "tx_queue_len"}},
	.n = LINK,
};

static const struct field fields[] = {
	{NIC_BOUND("mtu", MTU, 68, 65536, "largest packet, in bytes")},
	{NIC_BOUND("txqueuelen", TXQUEUELEN, 0, 1000000,
                   "packets that a queueing discipline without a limit holds")},
	{0},
};

static bool link_parse(struct resource *r, const struct node *n, struct diagnostics *diag)
{
	return nic_parse(r, &group_link, n, fields_any(fields, n) ? n : NULL, diag);
}

const struct kind kind_link = {
	NIC_KIND,           .name = "link", .fields = fields, .parse = link_parse,
	.files = nic_files,
};
