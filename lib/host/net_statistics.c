/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "host/net_statistics.h"

#include "base/mem.h"
#include "base/num.h"
#include "doc/node.h"
#include "host/host.h"
#include "host/live.h"
#include "host/own_netns.h"
#include "host/recorded.h"

#include <errno.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define WHAT "net-statistics"

/*
 * The kernel writes as many as the driver has at that moment, whatever room was
 * announced: queues that are added meanwhile must not overrun it.
 */
#define MORE 16384

void net_statistics_done(struct net_statistics *s)
{
	for (size_t i = 0; i < s->n; i++)
		free(s->list[i].name);
	free(s->list);
	*s = (struct net_statistics){0};
}

void net_statistics_build(const char *names, const uint64_t *values, size_t n,
                          struct net_statistics *ret)
{
	*ret = (struct net_statistics){.list = mem_new(n + 1, sizeof(*ret->list))};
	for (size_t i = 0; i < n; i++) {
		const char *name = names + i * ETH_GSTRING_LEN;
		size_t len = strnlen(name, ETH_GSTRING_LEN);

		if (len > 0)
			ret->list[ret->n++] = (struct net_statistic){
				.name = mem_dup_n(name, len), .value = values[i]};
	}
}

/* --- the kernel ----------------------------------------------------------------------
 */

static int ethtool(int fd, const char *interface, void *command, struct err *e)
{
	struct ifreq ifr = {.ifr_data = command};

	(void)snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", interface);
	return ioctl(fd, SIOCETHTOOL, &ifr) < 0
	               ? err_errno(e, errno, "read the statistics of %s", interface)
	               : 0;
}

/* Return: how many there are; -EOPNOTSUPP; -errno. */
static int statistics_count(int fd, const char *interface, struct err *e)
{
	_free_ struct ethtool_sset_info *info =
		mem_new(1, sizeof(*info) + sizeof(info->data[0]));
	uint32_t count;
	int r;

	info->cmd = ETHTOOL_GSSET_INFO;
	info->sset_mask = 1ULL << ETH_SS_STATS;
	r = ethtool(fd, interface, info, e);

	if (r < 0)
		return r;
	count = info->sset_mask ? info->data[0] : 0;
	if (count == 0)
		return err_set(e, -EOPNOTSUPP, "the driver of %s has no statistics",
		               interface);
	if (count > NET_STATISTICS_MAX)
		return err_set(e, -E2BIG, "the driver of %s has %u statistics", interface,
		               count);
	return (int)count;
}

static int ask_kernel(const struct host *h, const char *interface,
                      struct net_statistics *ret, struct err *e)
{
	int live = host_live_check(h, e), r = live < 0 ? live : host_netns_check(h, e);
	_close_ int fd = r < 0 ? r : socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	_free_ struct ethtool_gstrings *names = NULL;
	_free_ struct ethtool_stats *values = NULL;
	size_t n;

	if (fd < 0)
		return r < 0 ? r : err_errno(e, errno, "socket");
	r = statistics_count(fd, interface, e);
	if (r < 0)
		return r;
	n = (size_t)r;
	names = mem_new(1, sizeof(*names) + (n + MORE) * ETH_GSTRING_LEN);
	names->cmd = ETHTOOL_GSTRINGS;
	names->string_set = ETH_SS_STATS;
	names->len = (uint32_t)n;
	values = mem_new(1, sizeof(*values) + (n + MORE) * sizeof(uint64_t));
	values->cmd = ETHTOOL_GSTATS;
	values->n_stats = (uint32_t)n;
	r = ethtool(fd, interface, names, e);
	if (r == 0)
		r = ethtool(fd, interface, values, e);
	/* queues were added or removed meanwhile: names and values do not match */
	if (r == 0 && (names->len != n || values->n_stats != n))
		return err_set(e, -EAGAIN, "the statistics of %s just changed",
		               interface);
	if (r == 0)
		net_statistics_build((const char *)names->data,
		                     (const uint64_t *)values->data, n, ret);
	return r;
}

/* --- recorded ------------------------------------------------------------------------
 */

static struct node *statistics_node(const struct net_statistics *s)
{
	struct node *n = node_new(NODE_MAP);

	for (size_t i = 0; i < s->n; i++)
		node_set(n, s->list[i].name, node_new_uint(s->list[i].value));
	return n;
}

static void take_recorded(const struct node *known, struct net_statistics *ret)
{
	ret->list = mem_new(known->n + 1, sizeof(*ret->list));
	for (size_t i = 0; known->type == NODE_MAP && i < known->n; i++) {
		const struct node *item = known->items[i];
		uint64_t value;

		if (item->type == NODE_SCALAR && num_u64(item->text, &value) == 0 &&
		    ret->n < NET_STATISTICS_MAX)
			ret->list[ret->n++] = (struct net_statistic){
				.name = mem_dup(item->key), .value = value};
	}
}

int host_net_statistics(const struct host *h, const char *interface,
                        struct net_statistics *ret, struct err *e)
{
	struct node *answer = NULL;
	const struct node *known;
	int r = recorded_get(h, WHAT, interface, &known, e);

	*ret = (struct net_statistics){0};
	if (r < 0)
		return r;
	if (r > 0) {
		take_recorded(known, ret);
		return 0;
	}
	r = ask_kernel(h, interface, ret, e);
	if (r == 0 && h->record)
		answer = statistics_node(ret);
	return recorded_put(h, WHAT, interface, r, e, answer);
}
