/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef NFSD_STATE_NODE_H
#define NFSD_STATE_NODE_H

struct node;
struct nfsd_server;

/* The state of a server as a node of a bundle, owned by the caller, and back. */
struct node *nfsd_state_node(const struct nfsd_server *s);
void nfsd_state_take(const struct node *n, struct nfsd_server *ret);

#endif
