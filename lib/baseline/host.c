/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Which node it is, and since when it runs. */
#include "base/mem.h"
#include "baseline/part.h"
#include "doc/node.h"
#include "host/facts.h"
#include "host/file.h"

#include <string.h>

static void set_line(struct node *n, const char *key, const struct host *h,
                     const char *path)
{
	_free_ char *text = NULL;
	struct err ignored;

	if (host_file_read_line(h, path, &text, &ignored) == 0 && *text)
		node_set_text(n, key, text);
}

/* Nitro instances have their id as the asset tag of the board. */
static void set_instance_id(struct node *n, const struct host *h)
{
	_free_ char *tag = NULL;
	struct err ignored;

	if (host_file_read_line(h, "/sys/class/dmi/id/board_asset_tag", &tag, &ignored) ==
	            0 &&
	    strncmp(tag, "i-", 2) == 0)
		node_set_text(n, "instance_id", tag);
}

struct node *part_host(const struct host *h)
{
	_cleanup_(host_facts_done) struct host_facts facts;
	struct node *n = node_new(NODE_MAP);

	host_facts_read(h, &facts);
	if (facts.hostname && *facts.hostname)
		node_set_text(n, "name", facts.hostname);
	if (facts.instance_type && *facts.instance_type)
		node_set_text(n, "instance_type", facts.instance_type);
	set_instance_id(n, h);
	set_line(n, "boot_id", h, "/proc/sys/kernel/random/boot_id");
	return n;
}
