/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "network/nic_facts.h"

#include "base/mem.h"
#include "doc/node.h"
#include "host/facts.h"
#include "host/file.h"
#include "network/group.h"
#include "network/item.h"
#include "resource/kind.h"

#include <string.h>

enum { FACT_QUEUES, FACT_RING_MAX, FACT_NIC_GBPS, NIC_FACTS };

static const char *const fact_names[] = {[FACT_QUEUES] = "queues",
                                         [FACT_RING_MAX] = "ring_max",
                                         [FACT_NIC_GBPS] = "nic_gbps",
                                         NULL};

/* The highest value of an attribute; 0: the driver has none, or it is unknown. */
static uint64_t max_of(const struct net_group *g, const struct net_values *v,
                       const char *name)
{
	for (size_t i = 0; i < g->n; i++)
		if (strcmp(g->attrs[i].name, name) == 0 && v->max[i] != NET_KEEP)
			return v->max[i];
	return 0;
}

/* A driver that cannot change their number: those that it has. */
static uint64_t count_queues(const struct host *h, const char *interface)
{
	_free_ char *dir = mem_format("/sys/class/net/%s/queues", interface);
	_cleanup_(names_freep) char **names = NULL;
	struct err ignored;
	uint64_t n = 0;

	if (host_file_list(h, dir, &names, &ignored) < 0)
		return 0;
	for (size_t i = 0; names[i]; i++)
		n += strncmp(names[i], "rx-", 3) == 0;
	return n;
}

static uint64_t read_queues(const struct host *h, const char *interface)
{
	struct net_values v;
	struct err ignored;
	uint64_t rx, tx, both;

	if (net_group_read(h, &group_channels, interface, &v, &ignored) < 0)
		return count_queues(h, interface);
	both = max_of(&group_channels, &v, "combined");
	rx = max_of(&group_channels, &v, "rx");
	tx = max_of(&group_channels, &v, "tx");
	return both ? both : rx > tx ? rx : tx;
}

static uint64_t read_ring_max(const struct host *h, const char *interface)
{
	struct net_values v;
	struct err ignored;

	return net_group_read(h, &group_rings, interface, &v, &ignored) < 0
	               ? 0
	               : max_of(&group_rings, &v, "rx");
}

static uint64_t read_gbps(const struct host *h, const char *interface)
{
	int64_t mbps = host_nic_mbps(h, interface);

	return mbps >= 1000 ? (uint64_t)mbps / 1000 : HOST_FACTS_NIC_GBPS;
}

static void note_lowest(uint64_t value, int64_t *ret)
{
	if (value > 0 && value <= INT64_MAX &&
	    (*ret == KIND_FACT_NONE || (int64_t)value < *ret))
		*ret = (int64_t)value;
}

static int read_selected(const struct host *h, const struct net_select *s, int64_t *ret,
                         struct err *e)
{
	_cleanup_(names_freep) char **names = NULL;
	int r = net_select_list(s, h, &names, e);

	for (size_t i = 0; r == 0 && names[i]; i++) {
		note_lowest(read_queues(h, names[i]), &ret[FACT_QUEUES]);
		note_lowest(read_ring_max(h, names[i]), &ret[FACT_RING_MAX]);
		note_lowest(read_gbps(h, names[i]), &ret[FACT_NIC_GBPS]);
	}
	return r;
}

static int nic_facts_read(const struct host *h, const struct node *section,
                          const struct node *item, int64_t *ret, struct err *e)
{
	const struct net_select by_route = {.default_route = true};
	struct diagnostics ignored = {0};
	struct net_item *n;
	int r;

	(void)section;
	for (size_t i = 0; i < NIC_FACTS; i++)
		ret[i] = KIND_FACT_NONE;
	if (!item)
		return read_selected(h, &by_route, ret, e);
	/* its errors are reported when it becomes a resource */
	n = mem_new(1, sizeof(*n));
	fields_parse(net_item_fields, item, n, &ignored);
	r = read_selected(h, &n->select, ret, e);
	fields_done(net_item_fields, n);
	mem_freep(&n);
	diag_done(&ignored);
	return r;
}

const struct kind_facts nic_facts = {
	.names = fact_names,
	.read = nic_facts_read,
	.outside = "valid only in a network item, which selects the interfaces",
	.items_only = true,
	.may_lack = true,
};
