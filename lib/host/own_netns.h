/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef HOST_OWN_NETNS_H
#define HOST_OWN_NETNS_H

/*
 * Whether what the kernel shows this process of the network is that of the host: ioctls,
 * netlink, /proc/net and /proc/sys/net follow the network namespace of the process, not
 * the root below which a file is opened.
 */

#include "base/err.h"

struct host;

/*
 * Whether our own namespace is that of the host's process 1; a captured tree has no
 * other. Needs no right to inspect that process: a bootstrap container has none. Return:
 * 1; 0; -errno: unknown.
 */
int host_netns_is_hosts(const struct host *h, struct err *e);

/*
 * Refuse to ask the kernel about the host's network, or to change it, where that means
 * the network of a pod.
 * Return: 0; -ENODATA: it is another namespace; -errno: unknown.
 */
int host_netns_check(const struct host *h, struct err *e);

/*
 * The path of a file of /proc/net, such as "snmp", as the host has it, also from another
 * namespace. Owned by the caller.
 */
char *host_netns_file(const struct host *h, const char *name);

#endif
