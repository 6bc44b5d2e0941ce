/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef NFSD_NETLINK_H
#define NFSD_NETLINK_H

/*
 * The generic netlink family "nfsd"; for nfsd_server.c. Works in the network namespace of
 * the calling thread, without a mount and without loading a module.
 */

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

struct host;
struct nfsd_server;

/*
 * Fill in all but pool_mode and max_block_size; *ret_listens: sockets are open, even if
 * no thread is running.
 * Return: 0; -ENOENT if the kernel has no such family, or one that only reports RPC calls
 * in progress (before 6.10).
 */
int nfsd_netlink_get(const struct host *h, struct nfsd_server *ret, bool *ret_listens,
                     struct err *e);

/*
 * Add what one message of an answer says: `len` untrusted bytes. That of the list of
 * families returns the number of this one, if the kernel has all of it; 0: it is another.
 */
void nfsd_netlink_parse_threads(const void *message, size_t len, struct nfsd_server *ret);
void nfsd_netlink_parse_versions(const void *message, size_t len,
                                 struct nfsd_server *ret);
void nfsd_netlink_parse_listeners(const void *message, size_t len, bool *ret);
unsigned nfsd_netlink_parse_family(const void *message, size_t len);

/*
 * Set the threads of each of `n` pools; a single number is divided by the kernel.
 * min_threads 0: not sent. STARTS the server if it is not running.
 */
int nfsd_netlink_set_threads(struct host *h, const unsigned *pools, size_t n,
                             unsigned min_threads, struct err *e);

int nfsd_netlink_set_versions(struct host *h, unsigned versions, struct err *e);

/* Open TCP port 2049 on all addresses, also IPv6 if available; or close all listeners. */
int nfsd_netlink_set_listeners(struct host *h, bool on, struct err *e);

#endif
