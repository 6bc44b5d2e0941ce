/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef WATCH_ENFORCED_H
#define WATCH_ENFORCED_H

/* The network namespaces of the node, and the NFS servers found in them. */

#include "host/namespace/netns.h"

#include <stdbool.h>
#include <stddef.h>

struct nfsd_server;

/* A network namespace that was entered. */
struct enforced_namespace {
	struct host_netns ns; /* its path is owned */
	unsigned threads;     /* of its server; 0: none runs */
	unsigned least;       /* those of them that always run */
	int logged;           /* -errno of the failure that was logged last */
	bool seen, failed;    /* in the last look */
};

struct enforced_namespaces {
	struct enforced_namespace *list;
	size_t n, cap;
};

/* Forget all; the list is empty then. */
void enforced_done(struct enforced_namespaces *l);

/* Update the namespaces. Any process of a known one is a valid way in. */
void enforced_note(struct enforced_namespaces *l, const struct host_netns_list *seen);

/* Forget namespaces that are gone: the kernel may reuse their inode number. */
void enforced_forget(struct enforced_namespaces *l, const struct host_netns_list *seen);

/* The threads of the servers in the last look, and those of them that always run. */
unsigned enforced_threads(const struct enforced_namespaces *l);
unsigned enforced_least(const struct enforced_namespaces *l);

/* Whether one failed in the last look; that was logged there. */
bool enforced_any_failed(const struct enforced_namespaces *l);

/* Whether a mounted file is the way into one. */
bool enforced_any_by_path(const struct enforced_namespaces *l);

/* Take over the threads of its server. */
void enforced_take(struct enforced_namespace *place, const struct nfsd_server *s);

/* "net:[4026532211] (pid 123 rpc.mountd)". Owned by the caller. */
char *enforced_name(const struct host_netns *ns);

#endif
