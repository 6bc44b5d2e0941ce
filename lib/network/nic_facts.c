/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "network/nic_facts.h"

#include "base/mem.h"
#include "doc/node.h"
#include "host/facts.h"
#include "host/file.h"
#include "host/recorded.h"
#include "network/group.h"
#include "network/item.h"
#include "resource/kind.h"

#include <errno.h>
#include <string.h>

enum { FACT_QUEUES, FACT_RING_MAX, FACT_NIC_GBPS, NIC_FACTS };

static const char *const fact_names[] = {[FACT_QUEUES] = "queues",
                                         [FACT_RING_MAX] = "ring_max",
                                         [FACT_NIC_GBPS] = "nic_gbps",
                                         NULL};

/* The highest value of an attribute; 0: the driver has none. */
static uint64_t max_of(const struct net_group *g, const struct net_values *v,
                       const char *name)
{
	for (size_t i = 0; i < g->n; i++)
		if (strcmp(g->attrs[i].name, name) == 0 && v->max[i] != NET_KEEP)
			return v->max[i];
	return 0;
}

/* Those that it has. */
static int count_queues(const struct host *h, const char *interface, uint64_t *ret,
                        struct err *e)
{
	_free_ char *dir = mem_format("/sys/class/net/%s/queues", interface);
	_cleanup_(names_freep) char **names = NULL;
	int r = host_file_list(h, dir, &names, e);

	for (size_t i = 0; r == 0 && names[i]; i++)
		*ret += strncmp(names[i], "rx-", 3) == 0;
	return r;
}

static int read_queues(const struct host *h, const char *interface, uint64_t *ret,
                       struct err *e)
{
	struct net_values v;
	uint64_t rx, tx, both;
	int r = net_group_read(h, &group_channels, interface, &v, e);

	/* a driver that cannot change their number; a captured tree */
	if (r == -EOPNOTSUPP || (r < 0 && !recorded_or_live(h)))
		return count_queues(h, interface, ret, e);
	both = max_of(&group_channels, &v, "combined");
	rx = max_of(&group_channels, &v, "rx");
	tx = max_of(&group_channels, &v, "tx");
	*ret = both ? both : rx > tx ? rx : tx;
	return r;
}

static int read_ring_max(const struct host *h, const char *interface, uint64_t *ret,
                         struct err *e)
{
	struct net_values v;
	int r = net_group_read(h, &group_rings, interface, &v, e);

	*ret = max_of(&group_rings, &v, "rx");
	return r == -EOPNOTSUPP ? 0 : r;
}

static int read_gbps(const struct host *h, const char *interface, uint64_t *ret,
                     struct err *e)
{
	int64_t mbps;
	int r = host_nic_mbps(h, interface, &mbps, e);

	*ret = mbps >= 1000 ? (uint64_t)mbps / 1000 : HOST_FACTS_NIC_GBPS;
	return r;
}

/* Read a fact of an interface, 0 if it has none. Return: 0; -errno: unknown. */
static int (*const readers[NIC_FACTS])(const struct host *h, const char *interface,
                                       uint64_t *ret, struct err *e) = {
	[FACT_QUEUES] = read_queues,
	[FACT_RING_MAX] = read_ring_max,
	[FACT_NIC_GBPS] = read_gbps,
};

/* The lowest of all interfaces; unknown if that of one is. */
static int64_t lowest_of(const struct host *h, char *const *names, size_t fact)
{
	int64_t lowest = KIND_FACT_NONE;

	for (size_t i = 0; names[i]; i++) {
		struct err ignored;
		uint64_t value = 0;

		if (readers[fact](h, names[i], &value, &ignored) < 0)
			return KIND_FACT_NONE;
		if (value > 0 && value <= INT64_MAX &&
		    (lowest == KIND_FACT_NONE || (int64_t)value < lowest))
			lowest = (int64_t)value;
	}
	return lowest;
}

static int read_selected(const struct host *h, const struct net_select *s, int64_t *ret,
                         struct err *e)
{
	_cleanup_(names_freep) char **names = NULL;
	int r = net_select_list(s, h, &names, e);

	for (size_t i = 0; r == 0 && i < NIC_FACTS; i++)
		ret[i] = lowest_of(h, names, i);
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
