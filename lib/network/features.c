/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "network/features.h"

#include "base/mem.h"
#include "network/ethtool.h"

#include <errno.h>
#include <linux/ethtool.h>
#include <string.h>

/* Twice as many as Linux 6.12 has: a kernel with more is not understood. */
#define NAMES_MAX  128
#define BLOCK_BITS 32
#define BLOCKS_MAX (NAMES_MAX / BLOCK_BITS)

/* As the kernel writes them: not all are terminated, and an unused bit has none. */
struct names {
	char *list;
	size_t n;
};

static void names_done(struct names *n)
{
	mem_set(&n->list, NULL);
}

#define _names_ _cleanup_(names_done)

static int features_count(const struct host *h, const char *interface, size_t *ret,
                          struct err *e)
{
	_free_ struct ethtool_sset_info *info =
		mem_new(1, sizeof(*info) + sizeof(info->data[0]));
	int r;

	info->cmd = ETHTOOL_GSSET_INFO;
	info->sset_mask = UINT64_C(1) << ETH_SS_FEATURES;
	r = ethtool_read(h, interface, info, e);
	if (r < 0)
		return r;
	if (!info->sset_mask)
		return err_set(e, -EOPNOTSUPP, "%s: the kernel lists no features",
		               interface);
	if (info->data[0] > NAMES_MAX)
		return err_set(e, -EOVERFLOW,
		               "%s: the kernel has %u features (limit: %d)", interface,
		               info->data[0], NAMES_MAX);
	*ret = info->data[0];
	return 0;
}

static int features_names(const struct host *h, const char *interface, struct names *ret,
                          struct err *e)
{
	_free_ struct ethtool_gstrings *strings = NULL;
	int r;

	*ret = (struct names){0};
	r = features_count(h, interface, &ret->n, e);
	if (r < 0)
		return r;
	strings = mem_new(1, sizeof(*strings) + NAMES_MAX * ETH_GSTRING_LEN);
	strings->cmd = ETHTOOL_GSTRINGS;
	strings->string_set = ETH_SS_FEATURES;
	r = ethtool_read(h, interface, strings, e);
	if (r < 0)
		return r;
	if (strings->len < ret->n)
		ret->n = strings->len;
	ret->list = mem_new(NAMES_MAX, ETH_GSTRING_LEN);
	memcpy(ret->list, strings->data, ret->n * ETH_GSTRING_LEN);
	return 0;
}

/* Return: the bit of a feature; -1: this kernel does not have it. */
static int features_bit(const struct names *names, const char *name)
{
	for (size_t i = 0; i < names->n; i++)
		if (strncmp(names->list + i * ETH_GSTRING_LEN, name, ETH_GSTRING_LEN) ==
		    0)
			return (int)i;
	return -1;
}

static bool is_set(uint32_t block, int bit)
{
	return block >> (bit % BLOCK_BITS) & 1;
}

int features_ask(const struct host *h, const struct net_group *g, const char *interface,
                 struct net_values *ret, struct err *e)
{
	_free_ struct ethtool_gfeatures *get =
		mem_new(1, sizeof(*get) + BLOCKS_MAX * sizeof(get->features[0]));
	_names_ struct names names;
	int r = features_names(h, interface, &names, e);

	get->cmd = ETHTOOL_GFEATURES;
	get->size = BLOCKS_MAX;
	if (r == 0)
		r = ethtool_read(h, interface, get, e);
	for (size_t i = 0; i < g->n && r == 0; i++) {
		int bit = features_bit(&names, g->attrs[i].name);
		const struct ethtool_get_features_block *b =
			&get->features[bit < 0 ? 0 : bit / BLOCK_BITS];

		ret->now[i] = bit >= 0 && is_set(b->active, bit);
		ret->max[i] = bit >= 0 ? NET_KEEP : 0;
		/* as ethtool(8) finds out what is fixed */
		ret->fixed[i] = bit >= 0 && (!is_set(b->available, bit) ||
		                             is_set(b->never_changed, bit));
	}
	return r;
}

int features_put(struct host *h, const struct net_group *g, const char *interface,
                 const uint64_t *want, struct err *e)
{
	_free_ struct ethtool_sfeatures *set =
		mem_new(1, sizeof(*set) + BLOCKS_MAX * sizeof(set->features[0]));
	_names_ struct names names;
	int r = features_names(h, interface, &names, e);

	if (r < 0)
		return r;
	/* the kernel takes exactly as many blocks as it has */
	set->cmd = ETHTOOL_SFEATURES;
	set->size = (uint32_t)((names.n + BLOCK_BITS - 1) / BLOCK_BITS);
	for (size_t i = 0; i < g->n; i++) {
		int bit =
			want[i] == NET_KEEP ? -1 : features_bit(&names, g->attrs[i].name);
		uint32_t mask = UINT32_C(1) << (bit & (BLOCK_BITS - 1));

		if (bit < 0)
			continue;
		set->features[bit / BLOCK_BITS].valid |= mask;
		if (want[i])
			set->features[bit / BLOCK_BITS].requested |= mask;
	}
	return ethtool_write(h, interface, set, e);
}
