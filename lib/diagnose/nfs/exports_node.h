/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DIAGNOSE_NFS_EXPORTS_NODE_H
#define DIAGNOSE_NFS_EXPORTS_NODE_H

struct nfs_exports;
struct node;

/* Exports as a list for a bundle, owned by the caller, and back: added to `ret`. */
struct node *nfs_exports_node(const struct nfs_exports *e);
void nfs_exports_take(const struct node *list, struct nfs_exports *ret);

#endif
