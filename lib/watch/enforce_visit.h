/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef WATCH_ENFORCE_VISIT_H
#define WATCH_ENFORCE_VISIT_H

/* Enter one network namespace, inspect its NFS server, and optionally pin it. */

#include "base/err.h"
#include "nfsd/server.h"

#include <stdbool.h>

struct host;
struct host_netns;

struct enforce_visit {
	unsigned wanted, min_wanted; /* as in struct pin */
	bool act;                    /* pin it if it differs; the caller holds the lock */

	struct nfsd_server before, after;
	bool enforced; /* it was pinned and read back */
};

/* Whether the server is in sync, or none runs. */
bool enforce_in_sync(const struct enforce_visit *v, const struct nfsd_server *s);

/* Visit the namespace `ns`. Return: 0; -ENOENT if it is gone; -errno with `e`. */
int enforce_visit(struct enforce_visit *v, struct host *h, const struct host_netns *ns,
                  struct err *e);

#endif
