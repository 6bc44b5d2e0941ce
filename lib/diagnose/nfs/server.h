/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DIAGNOSE_NFS_SERVER_H
#define DIAGNOSE_NFS_SERVER_H

/* A running NFS server, with what it exports. */

#include "diagnose/nfs/exports.h"
#include "nfsd/state.h"

#include <stddef.h>
#include <stdint.h>

struct nfs_server {
	char *name;    /* its network namespace, "net:[4026531840]"; "": unknown */
	char *process; /* the command of a process there, "rpc.mountd"; "": none */
	struct nfsd_server state;
	uint64_t v3_calls, v4_calls; /* since its namespace was made, but NULL calls */
	char *no_calls;              /* why they are unknown; NULL: they are known */
	struct nfs_exports exports;
	char *no_exports; /* why there may be more; NULL: these are all */
};

struct nfs_servers {
	struct nfs_server *list;
	size_t n, cap;
	char *incomplete; /* why there may be more; NULL: these are all */
};

/* Add an empty one, or remove the last one. Return: it, borrowed. */
struct nfs_server *nfs_servers_add(struct nfs_servers *s);
void nfs_servers_drop(struct nfs_servers *s);

void nfs_servers_done(struct nfs_servers *s);

#endif
