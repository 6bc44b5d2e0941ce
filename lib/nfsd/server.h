/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef NFSD_SERVER_H
#define NFSD_SERVER_H

/*
 * The kernel's NFS server of the network namespace that the calling process is in:
 * each call asks anew, nothing is kept from one namespace to the next.
 *
 * Asked and told by generic netlink (family "nfsd", Linux 6.10) where the kernel has
 * it, else through the nfsd file system, on a mount of our own that nobody sees. That
 * must not be done blindly: the kernel stops the server of a network namespace with
 * the last mount of its nfsd file system, and a server that netlink started has none.
 */

#include "base/err.h"
#include "nfsd/state.h"

#include <stdbool.h>
#include <stdint.h>

struct host;

/* Whether a running server has so many threads, as far as the kernel tells. */
bool nfsd_server_has(const struct nfsd_server *s, unsigned threads);

/* Of a running server, the threads that are there at any time. */
unsigned nfsd_server_least(const struct nfsd_server *s);

/*
 * Return: 0; -ENOENT if this kernel has no NFS server or its module is not loaded;
 * -EPERM, -EBUSY without netlink: no right to mount, looking could stop a server.
 */
int nfsd_server_observe(const struct host *h, struct nfsd_server *ret, struct err *e);

/*
 * Set the number of threads of a running server, divided among its pools, and
 * `min_threads` if it is not 0 (and the kernel has it). Never starts one: -ESRCH if none
 * runs.
 */
int nfsd_server_set_threads(struct host *h, unsigned threads, unsigned min_threads,
                            struct err *e);

/* Before a start, -EBUSY while a server runs. The versions are all that are on. */
int nfsd_server_set_versions(struct host *h, unsigned versions, struct err *e);
int nfsd_server_set_pool_mode(struct host *h, const char *mode, struct err *e);
int nfsd_server_set_max_block_size(struct host *h, uint64_t bytes, struct err *e);

/*
 * START the server: on TCP port 2049 of all addresses unless it has listeners. The
 * nfsd file system is mounted to stay, so that nobody else's mount is the last.
 * Return: 1 if it was mounted, 0 if it already is. -ECONNREFUSED: NFSv3 is on and no
 * rpcbind answers; -ENETUNREACH: the loopback interface is down. After an error
 * nothing runs or listens, and nothing is mounted that was not.
 */
int nfsd_server_start(struct host *h, unsigned threads, unsigned min_threads,
                      struct err *e);

/* Stop it, and unmount what nfsd_server_start() mounted. */
int nfsd_server_stop(struct host *h, bool mounted, struct err *e);

/*
 * Read a file of the nfsd file system ("pool_stats"), without the white space at its
 * end; -EBUSY where looking could stop a server, else as nfsd_server_observe(). The
 * caller frees *ret_text.
 */
int nfsd_server_read(const struct host *h, const char *file, char **ret_text,
                     struct err *e);

#endif
