/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef HOST_NET_STATISTICS_H
#define HOST_NET_STATISTICS_H

/*
 * The statistics of a driver by the names that it gives them, as ethtool -S prints them.
 * The kernel answers them by ioctl alone: ethtool's netlink family has only standard
 * groups, which ENA does not fill (Documentation/networking/ethtool-netlink.rst).
 */

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

struct host;

#define NET_STATISTICS_MAX 65536

struct net_statistics {
	struct net_statistic {
		char *name;
		uint64_t value;
	} * list;
	size_t n;
};

/*
 * Read them in our own network namespace; of a bundle, those that were recorded.
 * Return: 0; -EOPNOTSUPP if the driver has none; -ENOTSUP for a captured tree; -errno.
 * Free with net_statistics_done() in any case.
 */
int host_net_statistics(const struct host *h, const char *interface,
                        struct net_statistics *ret, struct err *e);

/*
 * Combine the answers of the kernel: `n` names of ETH_GSTRING_LEN bytes, not all
 * terminated, and as many values.
 */
void net_statistics_build(const char *names, const uint64_t *values, size_t n,
                          struct net_statistics *ret);

void net_statistics_done(struct net_statistics *s);

#define _net_statistics_ _cleanup_(net_statistics_done)

#endif
