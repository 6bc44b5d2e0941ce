/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Which node it is, and since when it runs. */
#include "base/mem.h"
#include "baseline/part.h"
#include "doc/node.h"
#include "host/facts.h"

#include <string.h>

/* Nitro instances have their id as the asset tag of the board. */
static void set_instance_id(struct node *n, const struct host *h)
{
	_node_ struct node *tag =
		part_line(h, "/sys/class/dmi/id/board_asset_tag", node_new_text);

	if (tag && (tag->type == NODE_MAP || strncmp(tag->text, "i-", 2) == 0))
		node_set(n, "instance_id", TAKE_PTR(tag));
}

struct node *part_host(const struct host *h)
{
	_cleanup_(host_facts_done) struct host_facts facts;
	struct node *n = node_new(NODE_MAP);

	host_facts_read(h, &facts);
	if (facts.hostname && *facts.hostname)
		node_set_text(n, "name", facts.hostname);
	else
		part_set_line(n, "name", h, "/proc/sys/kernel/hostname", node_new_text);
	if (facts.instance_type && *facts.instance_type)
		node_set_text(n, "instance_type", facts.instance_type);
	set_instance_id(n, h);
	part_set_line(n, "boot_id", h, "/proc/sys/kernel/random/boot_id", node_new_text);
	return n;
}
