/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef ENGINE_PIN_VISIT_H
#define ENGINE_PIN_VISIT_H

/* Go into one network namespace, look at its NFS server, and perhaps pin it. */

#include "base/err.h"
#include "host/host_nfsd.h"

#include <stdbool.h>

struct host;
struct host_netns;

struct pin_visit {
	unsigned wanted, min_wanted; /* as in struct pin */
	bool act;                    /* pin it if it is not; the caller has the lock */

	struct host_nfsd before, after;
	bool pinned; /* by us, and looked at again */
};

/* Whether a server is as wanted, or none runs. */
bool pin_is_kept(const struct pin_visit *v, const struct host_nfsd *s);

/* Return: 0; -ENOENT if the namespace is gone; -errno with `e`. */
int pin_visit(struct pin_visit *v, struct host *h, const struct host_netns *ns,
              struct err *e);

#endif
