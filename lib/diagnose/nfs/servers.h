/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DIAGNOSE_NFS_SERVERS_H
#define DIAGNOSE_NFS_SERVERS_H

/*
 * The running NFS servers of the node, one for each network namespace that has one, with
 * what they export.
 */

#include "base/err.h"
#include "diagnose/nfs/server.h"

struct host;

/*
 * Read them. Namespaces are entered, and files of mount namespaces are read, in child
 * processes with a time limit. Nothing is loaded, mounted for others or started.
 * Return: 0; -errno if it is unknown whether there are any. Free in any case.
 */
int nfs_servers_read(const struct host *h, struct nfs_servers *ret, struct err *e);

#endif
