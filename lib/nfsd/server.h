/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef NFSD_SERVER_H
#define NFSD_SERVER_H

/*
 * The kernel's NFS server of the network namespace that the calling process is in. Every
 * call reads the state again; nothing is cached between namespaces.
 *
 * Uses generic netlink (family "nfsd", Linux 6.10) if the kernel has it, else the nfsd
 * file system on a private mount. That mount needs care: the kernel stops the server of a
 * network namespace when the last mount of its nfsd file system goes away, and a server
 * that was started by netlink has none.
 */

#include "base/err.h"
#include "nfsd/state.h"

#include <stdbool.h>
#include <stdint.h>

struct host;

/*
 * Read the state of the server.
 * Return: 0; -ENOENT if this kernel has no NFS server or its module is not loaded;
 * without netlink -EPERM (no permission to mount) or -EBUSY (reading could stop a
 * server).
 */
int nfsd_server_observe(const struct host *h, struct nfsd_server *ret, struct err *e);

/*
 * Set the number of threads of a running server, divided among its pools, and
 * `min_threads` if it is not 0 (and the kernel supports it). Never starts a server:
 * -ESRCH if none is running.
 */
int nfsd_server_set_threads(struct host *h, unsigned threads, unsigned min_threads,
                            struct err *e);

/*
 * Settings for the next start; -EBUSY while a server is running. `versions`: all versions
 * to enable.
 */
int nfsd_server_set_versions(struct host *h, unsigned versions, struct err *e);
int nfsd_server_set_pool_mode(struct host *h, const char *mode, struct err *e);
int nfsd_server_set_max_block_size(struct host *h, uint64_t bytes, struct err *e);

/*
 * START the server, on TCP port 2049 of all addresses unless it already has listeners.
 * The nfsd file system is mounted permanently, so that another process's mount is never
 * the last.
 * Return: 1 if it was mounted, 0 if it already was. -ECONNREFUSED: NFSv3 is enabled and
 * no rpcbind answers; -ENETUNREACH: the loopback interface is down. After an error no
 * server is running or listening, and no new mount remains.
 */
int nfsd_server_start(struct host *h, unsigned threads, unsigned min_threads,
                      struct err *e);

/* Stop the server, and unmount what nfsd_server_start() mounted. */
int nfsd_server_stop(struct host *h, bool mounted, struct err *e);

/*
 * Read a file of the nfsd file system ("pool_stats"), without trailing white space. The
 * caller frees *ret_text.
 * Return: -EBUSY if reading could stop a server, else as nfsd_server_observe().
 */
int nfsd_server_read(const struct host *h, const char *file, char **ret_text,
                     struct err *e);

/*
 * For who asks for these two of a state that was observed: whether pool_mode was read,
 * and read max_block_size, which netlink does not report.
 * Return: 0, also if the kernel or a captured tree has no such file; -errno: unknown.
 */
int nfsd_server_check_pool_mode(const struct nfsd_server *s, struct err *e);
int nfsd_server_read_block_size(const struct host *h, struct nfsd_server *s,
                                struct err *e);

#endif
