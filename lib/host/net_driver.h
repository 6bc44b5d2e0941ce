/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef HOST_NET_DRIVER_H
#define HOST_NET_DRIVER_H

#include "base/err.h"

struct host;

/* Texts are owned by the caller. */
struct net_driver {
	char *name;    /* "ena", "veth" */
	char *version; /* "2.13.0g"; "": the driver is the kernel's, without one */
};

/*
 * Read the driver of a network interface, as ethtool -i does (ETHTOOL_GDRVINFO), in our
 * own network namespace.
 * Return: 0; -EOPNOTSUPP if it has none (lo); -errno. Free with net_driver_done() in any
 * case.
 */
int host_net_driver(const struct host *h, const char *interface, struct net_driver *ret,
                    struct err *e);
void net_driver_done(struct net_driver *d);

#define _net_driver_ _cleanup_(net_driver_done)

#endif
