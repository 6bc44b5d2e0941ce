/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef WATCH_ENFORCE_VISIT_H
#define WATCH_ENFORCE_VISIT_H

/* Go into one network namespace, look at its NFS server, and perhaps pin it. */

#include "base/err.h"
#include "nfsd/server.h"

#include <stdbool.h>

struct host;
struct host_netns;

struct enforce_visit {
	unsigned wanted, min_wanted; /* as in struct pin */
	bool act;                    /* pin it if it is not; the caller has the lock */

	struct nfsd_server before, after;
	bool enforced; /* by us, and looked at again */
};

/* Whether a server is as wanted, or none runs. */
bool enforce_in_sync(const struct enforce_visit *v, const struct nfsd_server *s);

/* Return: 0; -ENOENT if the namespace is gone; -errno with `e`. */
int enforce_visit(struct enforce_visit *v, struct host *h, const struct host_netns *ns,
                  struct err *e);

#endif
