/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DIAGNOSE_NFS_SERVER_EXPORTS_H
#define DIAGNOSE_NFS_SERVER_EXPORTS_H

/* What the processes beside an NFS server export: exports(5), and where it lies. */

#include "diagnose/nfs/exports.h"

struct host;
struct host_netns;

/*
 * Add the exports in /etc/exports and /etc/exports.d of the mount namespaces that have
 * processes in the network namespace `ns` (NULL: of the host's root alone); if rpc.mountd
 * runs in some of them, only of those. Set the mount of each export, also of those that
 * `ret` already has.
 * Return: NULL; or why there may be more exports, owned by the caller.
 */
char *nfs_server_exports(const struct host *h, const struct host_netns *ns,
                         struct nfs_exports *ret);

#endif
