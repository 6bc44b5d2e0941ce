/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DIAGNOSE_NFS_SERVER_NODE_H
#define DIAGNOSE_NFS_SERVER_NODE_H

struct nfs_servers;
struct node;

/* The servers as a node of a bundle, owned by the caller, and back. */
struct node *nfs_servers_node(const struct nfs_servers *s);
void nfs_servers_take(const struct node *n, struct nfs_servers *ret);

#endif
